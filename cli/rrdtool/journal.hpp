// Whether systemd's journal reads what a program writes, and so files each line by its priority.
#pragma once

namespace kurabe::cli::rrdtool {

// Of what is written to the descriptor: JOURNAL_STREAM of systemd.exec(5). A line may then begin
// with its priority, "<3>" (sd-daemon(3)).
[[nodiscard]] bool is_journal(int descriptor) noexcept;

}  // namespace kurabe::cli::rrdtool
