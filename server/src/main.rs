//! `certportal`: a certificate for every mailbox. See `certportal --help`.

fn main() -> std::process::ExitCode {
    server::cli::main()
}
