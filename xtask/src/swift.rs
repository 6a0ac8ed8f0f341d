//! `cargo xtask swift`: the Swift wrapper and what the iOS samples decide, built and tested on this machine.
//!
//! `swift` is taken from the PATH. Where it is missing, root on a Debian machine gets Debian 13's toolchain in a folder
//! of its own ([`Chroot`]); everybody else is told how to install one.

use crate::machine::{cache_folder, install, is_root};
use crate::{bindings, models, step};
use anyhow::{Context as _, bail, ensure};
use std::env;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// Packages that build and pass their tests on Linux, too.
const PACKAGES: [&str; 2] = ["bindings/swift", "ios/SampleLogic"];
/// Sources that need Apple's SDK.
const VIEWS: [&str; 3] = ["ios/App", "ios/Keyboard", "docs/book/examples"];

/// Generates, builds and tests; then checks that the sources of the iOS samples that need UIKit at least parse.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<()> {
    let swift = Swift::find(shell)?;
    let library = bindings::generate(shell)?;
    let model = swift.visible(shell, &models::base(shell)?)?;
    let chat = swift.visible(shell, &models::chat(shell)?)?;
    let mut environment = vec![
        format!("LD_LIBRARY_PATH={}", library.display()),
        format!("SPATZ_MODEL={}", model.display()),
        format!("{}={}", models::CHAT_VARIABLE, chat.display()),
    ];
    if env::var_os("CI").is_some() {
        environment.push("CI=true".to_owned());
    }
    // A package's build folder is bound to the compiler that filled it; each way to run Swift keeps its own.
    let build = format!(".build/{}", swift.name());
    for package in PACKAGES {
        swift.run(shell, package, &environment, &["swift", "test", "--scratch-path", &build])?;
    }
    let mut views = Vec::new();
    for folder in VIEWS {
        views.extend(swift_files(shell, Path::new(folder))?);
    }
    let paths: Vec<String> = views.iter().map(|path| path.display().to_string()).collect();
    let mut parse = vec!["swiftc", "-frontend", "-parse", "-swift-version", "6"];
    parse.extend(paths.iter().map(String::as_str));
    swift.run(shell, ".", &[], &parse)?;
    step(&format!("{} files under {} parse", paths.len(), VIEWS.join(", ")));
    Ok(())
}

/// Sets the Swift compiler up where it is missing.
pub(crate) fn set_up(shell: &Shell) -> anyhow::Result<()> {
    Swift::find(shell).map(|_| ())
}

/// Where the Swift compiler is.
enum Swift {
    Path,
    Chroot(Chroot),
}

impl Swift {
    fn find(shell: &Shell) -> anyhow::Result<Self> {
        if cmd!(shell, "swift --version").quiet().ignore_stdout().ignore_stderr().run().is_ok() {
            return Ok(Self::Path);
        }
        Ok(Self::Chroot(Chroot::ready(shell)?))
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Chroot(_) => "trixie",
        }
    }

    /// A path at which a test finds `file`. A chroot shows the repository only: what lies elsewhere is linked beside
    /// the generated files, or copied from another file system.
    fn visible(&self, shell: &Shell, file: &Path) -> anyhow::Result<PathBuf> {
        let root = shell.current_dir();
        if matches!(self, Self::Path) || file.starts_with(&root) {
            return Ok(file.to_owned());
        }
        let inside =
            root.join("bindings/generated/models").join(file.file_name().context("a model is a file")?);
        shell.create_dir(root.join("bindings/generated/models"))?;
        shell.remove_path(&inside)?;
        if shell.hard_link(file, &inside).is_err() {
            shell.copy_file(file, &inside)?;
        }
        Ok(inside)
    }

    /// Runs `command` in `folder` (relative to the repository) with `environment` (`NAME=value`) added.
    fn run(
        &self,
        shell: &Shell,
        folder: &str,
        environment: &[String],
        command: &[&str],
    ) -> anyhow::Result<()> {
        let root = shell.current_dir();
        let folder = root.join(folder);
        match self {
            Self::Path => {
                let _folder = shell.push_dir(&folder);
                cmd!(shell, "env {environment...} {command...}").run()?;
            }
            Self::Chroot(chroot) => chroot.run(shell, &root, &folder, environment, command)?,
        }
        Ok(())
    }
}

/// Debian 13 with `swiftlang`, in a folder below the user's cache.
///
/// Mounts are made in a mount namespace of the command that needs them: they end with it, so nothing is left behind,
/// two checkouts do not meet, and the folder can be deleted at any time.
struct Chroot(PathBuf);

impl Chroot {
    const RELEASE: &str = "trixie";
    const PACKAGES: [&str; 5] = ["swiftlang", "libc6-dev", "libstdc++-14-dev", "git", "binutils-gold"];
    /// Written last: a folder without it is a set-up that was interrupted.
    const MARK: &str = "spatz-swift-is-ready";

    /// The chroot, set up if it is not there (530 MB to download, 3.4 GB on disk, about four minutes).
    fn ready(shell: &Shell) -> anyhow::Result<Self> {
        let chroot = Self(cache_folder()?.join("swift-trixie"));
        if !chroot.0.join(Self::MARK).is_file() {
            chroot.set_up(shell).with_context(|| {
                format!("no `swift` on the PATH, and Debian's could not be set up in {}", chroot.0.display())
            })?;
        }
        Ok(chroot)
    }

    fn set_up(&self, shell: &Shell) -> anyhow::Result<()> {
        ensure!(
            is_root(shell) && cmd!(shell, "apt-get --version").quiet().ignore_stdout().run().is_ok(),
            "that needs root on a Debian machine; install Swift 6 or newer yourself (swift.org/install) and put it on the PATH"
        );
        let Self(folder) = self;
        step(&format!("setting up Debian's Swift in {}: about four minutes and 3.4 GB", folder.display()));
        install(shell, "debootstrap", "debootstrap")?;
        let mirror = debian_mirror(shell)?;
        // What a cancelled set-up left is not worth telling apart. It holds no mounts (see above); should somebody
        // have made some by hand, stay out of them.
        cmd!(shell, "rm --recursive --force --one-file-system {folder}").run()?;
        shell.create_dir(folder)?;
        let release = Self::RELEASE;
        cmd!(shell, "unshare --mount debootstrap --variant=minbase {release} {folder} {mirror}")
            .ignore_stdout()
            .run()?;
        let root = shell.current_dir();
        let apt = ["DEBIAN_FRONTEND=noninteractive".to_owned()];
        let mut install = vec!["apt-get", "install", "--quiet=2", "--yes", "--no-install-recommends"];
        install.extend(Self::PACKAGES);
        self.run(shell, &root, Path::new("/"), &apt, &["apt-get", "update", "--quiet=2"])?;
        self.run(shell, &root, Path::new("/"), &apt, &install)?;
        cmd!(shell, "chroot {folder} apt-get clean").run()?;
        shell.write_file(folder.join(Self::MARK), "")?;
        Ok(())
    }

    /// Runs `command` inside, where the repository lies at the same path as outside.
    fn run(
        &self,
        shell: &Shell,
        repository: &Path,
        folder: &Path,
        environment: &[String],
        command: &[&str],
    ) -> anyhow::Result<()> {
        const SCRIPT: &str = r#"
            set -e
            root=$1 repository=$2 folder=$3
            shift 3
            mkdir -p "$root$repository"
            mount --bind /dev "$root/dev"
            mount -t devpts devpts "$root/dev/pts"
            mount -t proc proc "$root/proc"
            mount --bind "$repository" "$root$repository"
            exec chroot "$root" /usr/bin/env --chdir="$folder" "$@"
        "#;
        ensure!(is_root(shell), "Swift lives in {}, which only root can enter", self.0.display());
        let Self(root) = self;
        let clean = ["-i", "HOME=/root", "LANG=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"];
        cmd!(
            shell,
            "unshare --mount sh -c {SCRIPT} sh {root} {repository} {folder} {clean...} {environment...} {command...}"
        )
        .quiet()
        .run()?;
        Ok(())
    }
}

/// The mirror from which this machine installs Debian's own packages.
fn debian_mirror(shell: &Shell) -> anyhow::Result<String> {
    let format = "$(LABEL) $(REPO_URI)";
    let indexes = cmd!(shell, "apt-get indextargets --format {format}").quiet().read()?;
    match indexes.lines().find_map(|line| line.strip_prefix("Debian ")) {
        Some(mirror) => Ok(mirror.to_owned()),
        None => bail!("none of this machine's apt sources is a Debian mirror"),
    }
}

/// The Swift files below `folder`.
fn swift_files(shell: &Shell, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in shell.read_dir(folder)? {
        if path.is_dir() {
            files.extend(swift_files(shell, &path)?);
        } else if path.extension().is_some_and(|extension| extension == "swift") {
            files.push(path);
        }
    }
    Ok(files)
}
