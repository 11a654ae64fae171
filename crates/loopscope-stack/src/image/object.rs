//! What unwinds the frames of an executable or a library: its sections, and where it was linked to lie.

use std::io;

use framehop::ExplicitModuleSectionInfo;
use object::read::{ObjectSection, ReadRef};
use object::{Object, ObjectSegment};

/// The sections of a file that unwind its frames.
pub(crate) type Sections = ExplicitModuleSectionInfo<Vec<u8>>;

/// What is known of a file before it is mapped.
pub(crate) struct Linked {
    pub(crate) sections: Sections,
    /// What is run of it: offset in the file, length there, address.
    segments: Vec<(u64, u64, u64)>,
    /// Whether it has symbols of its own, and not only those that it takes from libraries.
    pub(crate) has_symbols: bool,
    /// Whether it says which line an address belongs to, by itself or by another file that it names.
    pub(crate) has_lines: bool,
}

impl Linked {
    pub(crate) fn read<'data>(data: impl ReadRef<'data>) -> io::Result<Self> {
        let file = object::File::parse(data).map_err(io::Error::other)?;
        let range = |name: &str| {
            let section = file.section_by_name(name)?;
            Some(section.address()..section.address() + section.size())
        };
        let bytes = |name: &str| {
            let section = file.section_by_name(name)?;
            Some(section.uncompressed_data().ok()?.into_owned())
        };
        let sections = ExplicitModuleSectionInfo {
            base_svma: 0,
            text_svma: range(".text"),
            got_svma: range(".got"),
            eh_frame_svma: range(".eh_frame"),
            eh_frame: bytes(".eh_frame"),
            eh_frame_hdr_svma: range(".eh_frame_hdr"),
            eh_frame_hdr: bytes(".eh_frame_hdr"),
            debug_frame: bytes(".debug_frame"),
            ..ExplicitModuleSectionInfo::default()
        };
        let run = file
            .segments()
            .filter(|segment| segment.permissions().executable());
        let segments = run.map(|segment| {
            let (offset, length) = segment.file_range();
            (offset, length, segment.address())
        });
        Ok(Self {
            segments: segments.collect(),
            has_symbols: file.symbols().next().is_some(),
            has_lines: file.section_by_name(".debug_line").is_some()
                || file.section_by_name(".debug_info").is_some()
                || matches!(file.gnu_debuglink(), Ok(Some(_))),
            sections,
        })
    }

    /// How far from where it was linked to lie a part of it lies that was mapped from this offset on.
    pub(crate) fn bias(&self, from: u64, offset: u64) -> u64 {
        let part = self.segments.iter().find(|(start, length, _)| {
            // A mapping begins at a page, a segment somewhere in it.
            (start & !0xfff..start + length.max(&1)).contains(&offset)
        });
        let linked = part.map_or(offset, |(start, _, address)| {
            address.wrapping_add(offset).wrapping_sub(*start)
        });
        from.wrapping_sub(linked)
    }
}
