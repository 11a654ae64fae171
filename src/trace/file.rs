//! A trace as a file of JSON lines: a header with the story, then texts and events.
