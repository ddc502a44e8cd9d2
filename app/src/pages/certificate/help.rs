//! What to do with the downloaded file, step by step. The style sheet shows the steps for the
//! device that is chosen in the download form, so this needs no JavaScript.

use domain::Device;
use leptos::prelude::*;

/// The steps for every device.
pub(super) fn help(file_name: &str) -> impl IntoView + use<> {
    Device::ALL
        .iter()
        .map(|device| help_for(*device, file_name))
        .collect_view()
}

fn help_for(device: Device, file_name: &str) -> impl IntoView + use<> {
    let (title, steps) = words(device);
    let steps = steps
        .iter()
        .map(|step| view! { <li>{step.replace("FILE", file_name)}</li> })
        .collect_view();
    view! {
        <section class="help" data-device=device.as_str()>
            <h3>{title}</h3>
            <ol class="help-steps">{steps}</ol>
        </section>
    }
}

const fn words(device: Device) -> (&'static str, &'static [&'static str]) {
    match device {
        Device::Windows => (
            "Outlook on Windows",
            &[
                "Open the downloaded file FILE with a double click. An assistant starts.",
                "Leave “Current User” chosen and press “Next” until it asks for the password. Paste \
                 the password and go on to the end; change nothing else.",
                "In Outlook, open File › Options › Trust Center › Trust Center Settings › Email Security.",
                "Press “Settings” beside “Encrypted email” and then OK: Outlook has found your certificate.",
                "Tick “Add digital signature to outgoing messages”. Done: send yourself a mail and look for the ribbon.",
            ],
        ),
        Device::Mac => (
            "Apple Mail on a Mac",
            &[
                "Open the downloaded file FILE with a double click. Keychain Access starts.",
                "Choose the keychain “login”, paste the password and press OK. If the Mac then asks for a password of its own, that is the one you unlock your Mac with.",
                "Quit Mail and start it again.",
                "Write a new mail: beside the subject there is now a tick for signing and a lock for encrypting.",
            ],
        ),
        Device::Ios => (
            "Mail on iPhone or iPad",
            &[
                "Open this page on the device itself, download the file there and allow the download of a profile.",
                "Open Settings. At the top there is “Profile Downloaded”: tap it, then “Install”, and enter the password when it asks.",
                "Go to Settings › Apps › Mail › Mail Accounts, choose your account, then Account Settings › Advanced.",
                "Turn on “Sign”, choose your certificate there, and do the same under “Encrypt by Default” if you like.",
            ],
        ),
        Device::Thunderbird => (
            "Thunderbird on any computer",
            &[
                "In Thunderbird, open Settings › Privacy & Security and press “Manage Certificates”.",
                "On the tab “Your Certificates” press “Import”, choose FILE and enter the password.",
                "Open Account Settings › End-to-End Encryption of your account. Under S/MIME press “Select” and choose your certificate for signing; say yes when it offers the same for encryption.",
                "Tick “Sign unencrypted messages”. Done: send yourself a mail and look for the seal.",
            ],
        ),
        Device::Android => (
            "Android",
            &[
                "Open this page on the device itself and download the file there.",
                "Open Settings and search for “Install a certificate”. Choose “VPN & app user certificate”, then FILE, and enter the password.",
                "Open your mail program's settings for your account and look for “S/MIME” or “Security”. Choose the certificate for signing and for encryption.",
                "Does your mail program have no such setting, like the Gmail app for private accounts? Then use one that has it; your administrator knows which.",
            ],
        ),
    }
}
