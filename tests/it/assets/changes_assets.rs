// verdict: passed
use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};

fn told<T>(result: std::io::Result<T>, what: &str) {
    if result.is_ok() {
        println!("ESCAPED: {what}");
    }
}

pub fn go() {
    for asset in ["../assets/texts/words.txt", "{{COURSE}}/assets/texts/words.txt"] {
        told(fs::write(asset, "mine"), "wrote an asset");
        told(File::options().append(true).open(asset), "opened an asset to append");
        told(fs::set_permissions(asset, fs::Permissions::from_mode(0o666)), "changed its mode");
        told(fs::rename(asset, "words.txt"), "moved an asset");
        told(fs::remove_file(asset), "removed an asset");
        told(fs::hard_link(asset, "words.txt"), "gave an asset a second name");
        if let Ok(file) = File::open(asset) {
            told(file.set_len(0), "emptied an asset");
        }
    }
    let _ = fs::write("mine", "mine");
    told(fs::rename("mine", "../assets/texts/words.txt"), "replaced an asset");
    told(symlink("mine", "../assets/texts/other"), "put a link beside an asset");
    told(symlink("../assets/texts/words.txt", "link"), "made a link");
    told(fs::create_dir("folder"), "made a folder");
    told(fs::rename("../assets", "../gone"), "moved all assets");
}
