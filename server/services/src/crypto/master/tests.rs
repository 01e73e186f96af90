use std::fs;

use super::*;

fn master() -> MasterKey {
    MasterKey::from_bytes(&std::array::from_fn(|index| index as u8))
}

fn key() -> SealKey {
    master().subkey(Purpose::KeyringWrap).unwrap()
}

const PURPOSES: [Purpose; 8] = [
    Purpose::KeyringWrap,
    Purpose::SecondFactor,
    Purpose::LedgerMac,
    Purpose::OneTimeDisplay,
    Purpose::Throttle,
    Purpose::Outbox,
    Purpose::Newsletter,
    Purpose::Forms,
];

#[test]
fn purposes_do_not_share_keys() {
    let master = master();
    for (index, one) in PURPOSES.into_iter().enumerate() {
        let sealed = master.subkey(one).unwrap().seal(b"a", b"secret").unwrap();
        for (other_index, other) in PURPOSES.into_iter().enumerate() {
            let subkey = master.subkey(other).unwrap();
            assert_eq!(subkey.open(b"a", &sealed).is_ok(), index == other_index);
            assert_eq!(subkey.mac(&[b"x"]) == master.subkey(one).unwrap().mac(&[b"x"]), index == other_index);
        }
    }
}

/// Values of another implementation (Python's `hmac` and `cryptography`). Frozen: a difference means that what
/// a released version stored no longer opens.
#[test]
fn the_derivation_is_frozen() {
    let subkey = key();
    assert_eq!(HEXLOWER.encode(&master().fingerprint().unwrap()), FROZEN.0);
    assert_eq!(HEXLOWER.encode(&subkey.mac(&[b"ab", b"c"])), FROZEN.1);
    let sealed = HEXLOWER.decode(FROZEN.2.as_bytes()).unwrap();
    assert_eq!(subkey.open(b"place", &sealed).unwrap().as_slice(), b"plain");
}

const FROZEN: (&str, &str, &str) = (
    "fb609b1daa358c66",
    "b93d83aa0bb6e6afe0399b30913b14163ce8e886a7d601d0ccd6557adc955700",
    "01000102030405060708090a0be44a55d4b0653256d6d66af08ede98483b097eb50e",
);

#[test]
fn debug_shows_no_key() {
    let bytes = [0xAB; KEY_LEN];
    let shown = format!("{:?} {:?}", MasterKey::from_bytes(&bytes), key());
    assert!(!shown.contains("171") && !shown.to_lowercase().contains("ab, "), "{shown}");
}

#[cfg(unix)]
mod file {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn write(path: &Path, content: &[u8], mode: u32) {
        fs::write(path, content).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_created_key_loads_again_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let key = MasterKey::create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        let text = fs::read(&path).unwrap();
        assert_eq!((text.len(), text.last()), (65, Some(&b'\n')));
        let fingerprint = MasterKey::load(&path).unwrap().fingerprint().unwrap();
        assert_eq!(fingerprint, key.fingerprint().unwrap());
        assert!(matches!(MasterKey::create(&path), Err(MasterKeyError::Exists { .. })));
        assert_eq!(fs::read(&path).unwrap(), text);
        assert_ne!(MasterKey::create(&folder.path().join("b")).unwrap().fingerprint().unwrap(), fingerprint);
        let lost = folder.path().join("missing/master.key");
        assert!(matches!(MasterKey::create(&lost), Err(MasterKeyError::Create { .. })));
        assert!(matches!(MasterKey::load(&lost), Err(MasterKeyError::Read { .. })));
    }

    #[test]
    fn only_the_two_forms_of_a_key_file_are_accepted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k");
        let raw: [u8; KEY_LEN] = std::array::from_fn(|index| 0xF0 ^ index as u8);
        let hex = HEXLOWER.encode(&raw);
        let expected = MasterKey::from_bytes(&raw).fingerprint().unwrap();
        for good in [
            raw.to_vec(),
            hex.clone().into_bytes(),
            format!("{hex}\n").into_bytes(),
            format!("{hex}\r\n").into_bytes(),
            hex.to_uppercase().into_bytes(),
        ] {
            write(&path, &good, 0o400);
            assert_eq!(MasterKey::load(&path).unwrap().fingerprint().unwrap(), expected);
            fs::remove_file(&path).unwrap();
        }
        for bad in [
            Vec::new(),
            vec![0; KEY_LEN],
            b"0000000000000000000000000000000000000000000000000000000000000000\n".to_vec(),
            b"00112233445566778899aabbccddeeff".to_vec(),
            format!("{hex}\n\n").into_bytes(),
            format!(" {hex}").into_bytes(),
            format!("{}g\n", &hex[..63]).into_bytes(),
            raw[..31].to_vec(),
            [raw.as_slice(), b"\n"].concat(),
            vec![b'a'; 5000],
        ] {
            write(&path, &bad, 0o600);
            let error = MasterKey::load(&path).unwrap_err();
            assert!(matches!(error, MasterKeyError::Malformed { .. }), "{error}");
            let message = error.to_string();
            assert!(message.contains("/k") && message.contains("64 hexadecimal") && !message.contains('\n'));
            fs::remove_file(&path).unwrap();
        }
        assert!(matches!(MasterKey::load(folder.path()), Err(MasterKeyError::NotAFile { .. })));
    }

    #[test]
    fn a_key_file_that_others_can_read_is_refused_unless_it_comes_from_systemd() {
        let folder = tempfile::tempdir().unwrap();
        let credentials = folder.path().join("credentials");
        fs::create_dir(&credentials).unwrap();
        let inside = credentials.join("master");
        let outside = folder.path().join("master");
        let content: [u8; KEY_LEN] = std::array::from_fn(|index| 0xF0 ^ index as u8);
        let given = || Some(credentials.clone().into_os_string());
        for (mode, alone, by_systemd) in [
            (0o600, true, true),
            (0o400, true, true),
            (0o440, false, true),
            (0o640, false, true),
            (0o460, false, false),
            (0o604, false, false),
            (0o644, false, false),
            (0o410, false, false),
        ] {
            write(&inside, &content, mode);
            write(&outside, &content, mode);
            assert_eq!(MasterKey::load_with(&inside, given()).is_ok(), by_systemd, "{mode:o}");
            assert_eq!(MasterKey::load_with(&inside, None).is_ok(), alone, "{mode:o}");
            assert_eq!(MasterKey::load_with(&inside, Some(OsString::new())).is_ok(), alone, "{mode:o}");
            assert_eq!(MasterKey::load_with(&outside, given()).is_ok(), alone, "{mode:o}");
            let detour = credentials.join("../master");
            assert_eq!(MasterKey::load_with(&detour, given()).is_ok(), alone, "{mode:o}");
            fs::remove_file(&inside).unwrap();
            fs::remove_file(&outside).unwrap();
        }
        write(&outside, &content, 0o440);
        symlink(&outside, credentials.join("link")).unwrap();
        let error = MasterKey::load_with(&credentials.join("link"), given()).unwrap_err().to_string();
        assert!(error.contains("0440") && error.contains("chmod 600"), "{error}");
    }
}
