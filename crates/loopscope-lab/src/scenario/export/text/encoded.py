def encoded(seconds):
    """The answer is a large document: to encode it takes so long."""

    class Encoded(JSONResponse):
        def render(self, content):
            compute_in_c(seconds)
            return super().render(content)

    return Encoded
