//! What a new password must be: long, and not one that others would guess.
//!
//! There are no rules about kinds of characters (NIST SP 800-63B section 5.1.1.2): they make
//! passwords worse. Guessability is estimated by zxcvbn against lists of common passwords, words,
//! names and keyboard patterns, and against what is known about the person.

use zeroize::Zeroizing;
use zxcvbn::Score;
use zxcvbn::matching::patterns::MatchPattern;

/// The fewest characters.
const MIN_CHARS: usize = 12;

/// The fewest characters that are left without the person's name, address and organisation. The
/// estimate alone is too kind to several known words in a row.
const MIN_CHARS_OF_ITS_OWN: usize = 8;

/// The most bytes: more than anybody types, and little to hash.
const MAX_BYTES: usize = 1024;

/// The part that is judged. The estimate's time grows with the square of the length (for the worst
/// mixtures of digits and punctuation 0.6 seconds at 100 characters), and a password whose first
/// forty characters are hard to guess is hard to guess as a whole.
const JUDGED_CHARS: usize = 40;

/// Why a new password is refused, said to the person who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Too few characters.
    #[error("please use at least {min} characters; this has {actual}")]
    TooShort {
        /// The fewest allowed.
        min: usize,
        /// How many were given.
        actual: usize,
    },
    /// More than anybody types.
    #[error("please use at most {max} characters")]
    TooLong {
        /// The most allowed, in bytes.
        max: usize,
    },
    /// Built around the person's name, mail address or organisation.
    #[error(
        "others could guess this, because it contains your name, mail address or organisation; \
         four or more unrelated words make a good password"
    )]
    AboutYou,
    /// Common, or made of common words and patterns.
    #[error(
        "others could guess this, because it is built from common words or patterns; four or more \
         unrelated words make a good password"
    )]
    Guessable,
}

/// Judges a new password. `inputs` are what is known about the person: names, mailbox,
/// organisation; each is also taken apart into its words.
///
/// Takes about a millisecond, at worst a tenth of a second.
pub fn check_new_password(password: &str, inputs: &[&str]) -> Result<(), PasswordProblem> {
    let actual = password.chars().count();
    if actual < MIN_CHARS {
        return Err(PasswordProblem::TooShort {
            min: MIN_CHARS,
            actual,
        });
    }
    if password.len() > MAX_BYTES {
        return Err(PasswordProblem::TooLong { max: MAX_BYTES });
    }
    let words = words(inputs);
    if without(password, &words).chars().count() < MIN_CHARS_OF_ITS_OWN {
        return Err(PasswordProblem::AboutYou);
    }
    let mut judged = Zeroizing::new(String::with_capacity(password.len()));
    judged.extend(password.chars().take(JUDGED_CHARS));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let estimate = zxcvbn::zxcvbn(&judged, &words);
    // Ten thousand million guesses or more. One step lower lets "Welcome123456!" pass.
    if estimate.score() >= Score::Four {
        return Ok(());
    }
    let is_about_person = estimate.sequence().iter().any(|part| {
        matches!(&part.pattern, MatchPattern::Dictionary(found)
            if words.contains(&found.matched_word.as_str()))
    });
    Err(if is_about_person {
        PasswordProblem::AboutYou
    } else {
        PasswordProblem::Guessable
    })
}

/// The inputs and their parts of three letters or more, and the words every portal shares: in lower
/// case, longest first.
fn words(inputs: &[&str]) -> Vec<String> {
    let mut words = vec![
        "certportal".to_owned(),
        "certificate".to_owned(),
        "smime".to_owned(),
    ];
    for input in inputs {
        let input = input.to_lowercase();
        let parts = input.split(|c: char| !c.is_alphanumeric());
        words.extend(
            parts
                .filter(|part| part.chars().count() >= 3)
                .map(str::to_owned),
        );
        words.push(input);
    }
    words.retain(|word| !word.is_empty());
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// What is left of a password when the words are taken out of it.
fn without(password: &str, words: &[String]) -> Zeroizing<String> {
    let lower = Zeroizing::new(password.to_lowercase());
    words
        .iter()
        .fold(lower, |left, word| Zeroizing::new(left.replace(word, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &[&str] = &["Alice Smith", "alice.smith@example.com", "Example Ltd"];

    #[test]
    fn short_and_endless_passwords_are_refused() {
        for (password, actual) in [("", 0), ("zK4#vQ9!mX2", 11), ("\u{e9}\u{e9}zK4#vQ9!m", 11)] {
            assert_eq!(
                check_new_password(password, &[]),
                Err(PasswordProblem::TooShort { min: 12, actual }),
                "{password}"
            );
        }
        assert_eq!(
            check_new_password(&"xk3 ".repeat(257), &[]),
            Err(PasswordProblem::TooLong { max: 1024 })
        );
    }

    #[test]
    fn passwords_that_others_would_guess_are_refused() {
        for password in [
            "password1234",
            "qwertyuiop12",
            "Passw0rd2026!",
            "aaaaaaaaaaaa",
            "123456789012",
            "letmeinletmein",
            "P@ssw0rdP@ssw0rd",
            "certportal2026",
            "1qaz2wsx3edc",
            "!QAZ2wsx#EDC",
            "Welcome123456!",
            "ilovemywife2",
        ] {
            assert!(check_new_password(password, ALICE).is_err(), "{password}");
        }
        for password in ["aliceexample1", "Smith@Example26", "alice.smith1990"] {
            assert_eq!(
                check_new_password(password, ALICE),
                Err(PasswordProblem::AboutYou),
                "{password}"
            );
        }
    }

    #[test]
    fn long_and_random_passwords_are_accepted() {
        for password in [
            "tundra gravel kiosk plumage",
            "zK4#vQ9!mX2p",
            "\u{43b}\u{43e}\u{436}\u{43a}\u{430} \u{43a}\u{43e}\u{440}\u{430}\u{431}\u{43b}\u{44c} \u{442}\u{443}\u{43c}\u{430}\u{43d}",
            &"tundra gravel kiosk plumage & zebra ".repeat(4)[..128],
        ] {
            assert_eq!(check_new_password(password, ALICE), Ok(()), "{password}");
        }
    }

    #[test]
    fn passwords_of_the_portal_pass_its_own_rule() {
        use rand::SeedableRng;
        let mut rng = rand::rngs::StdRng::seed_from_u64(19);
        for _ in 0..100 {
            let password = crate::generate_start_password(&mut rng);
            assert_eq!(check_new_password(password.expose(), ALICE), Ok(()));
        }
    }
}
