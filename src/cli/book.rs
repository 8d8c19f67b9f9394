//! The lessons as a book.

use std::path::PathBuf;

/// Options of `tutor book`.
#[derive(Debug, clap::Args)]
pub struct Book {
    /// The folder to write it into; without it, `.tutor/book`, or `.tutor/mdbook` for mdBook
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Open it in a browser afterwards
    #[arg(long)]
    pub open: bool,
    /// Write no pages, but what mdBook makes a book of
    #[arg(long, conflicts_with = "open")]
    pub mdbook: bool,
}
