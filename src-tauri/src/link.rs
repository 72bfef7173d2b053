//! Links open in the person's browser, after a look at what they are.

use threadkeep_app::Error;

/// The address, if it is one that a browser or a mail program opens harmlessly. Messages come from
/// anybody: `file:`, `javascript:`, `smb:` and the schemes of other programs are refused.
pub fn checked(address: &str) -> Result<url::Url, Error> {
    url::Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http" | "mailto"))
        .ok_or(Error::LinkRefused)
}
