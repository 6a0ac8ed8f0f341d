//! What Android's C library offers, as far as our libraries ask for it.

/// A name a line, each looked up in bionic's map files for the first Android that we run on.
const OFFERED: &str = include_str!("bionic.txt");

/// Those of `names` that nobody has looked up.
pub(crate) fn missing(names: &[String]) -> Vec<&str> {
    let offered: Vec<&str> = OFFERED.lines().filter(|line| !line.starts_with('#')).collect();
    names.iter().map(String::as_str).filter(|name| !offered.contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_listed_is_missing() {
        // Of Android 9, and of none.
        let names = ["memcpy", "getrandom", "preadv2"].map(str::to_owned);
        assert_eq!(missing(&names), ["getrandom", "preadv2"]);
    }
}
