// The variable is inherited by all that a unit starts: it counts for the stream that it names.
#include "cli/rrdtool/journal.hpp"

#include <array>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <sys/stat.h>

namespace kurabe::cli::rrdtool {

bool is_journal(int descriptor) noexcept {
    const char* const named = std::getenv("JOURNAL_STREAM");
    struct stat status{};
    if (named == nullptr || ::fstat(descriptor, &status) != 0) return false;
    std::array<char, 48> own{};  // two numbers of 20 digits
    const auto end =
        fmt::format_to_n(own.data(), own.size(), "{}:{}", status.st_dev, status.st_ino);
    return std::string_view(own.data(), end.out) == named;
}

}  // namespace kurabe::cli::rrdtool
