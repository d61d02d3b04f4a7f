// Standard input and output of the process, by read(2) and write(2): no stream of the C or C++
// library has to be set up for a process that lives half a millisecond.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

// Takes the descriptors 0 to 2 where the caller closed them, so that no file that is opened later
// gets what is printed.
void occupy_standard_streams() noexcept;

// Keeps back until flush() or until there is much. Writing takes no memory, so that a lack of it
// can be told.
class StandardOutput : public Output {
  public:
    StandardOutput();
    void write(std::string_view text) override;
    [[nodiscard]] Result<void> flush() override;

  private:
    void pass_on(std::string_view text);

    std::string kept_back_;
    std::optional<Error> failure_;  // the first since the last flush()
};

// Lines are read ahead of their use.
class StandardInput : public Input {
  public:
    // `unread` comes before what is read.
    explicit StandardInput(std::string_view unread = {});

    // A failure to read is an end.
    [[nodiscard]] std::string_view read_line() override;
    [[nodiscard]] bool has_line() const noexcept override;
    [[nodiscard]] std::string_view from_last_line() const noexcept override;

  private:
    [[nodiscard]] std::string_view ahead() const noexcept;
    [[nodiscard]] std::string_view take(std::size_t bytes) noexcept;
    [[nodiscard]] bool read_more();

    std::vector<char> buffer_;
    std::size_t line_ = 0;   // the last line lies in buffer_ from here
    std::size_t begin_ = 0;  // what is read ahead, from here
    std::size_t end_ = 0;    // to here
    bool is_at_end_ = false;
};

// One line on standard error, "ERROR: message", to the journal as an error.
void report(const Error& error) noexcept;

}  // namespace kurabe::cli::rrdtool
