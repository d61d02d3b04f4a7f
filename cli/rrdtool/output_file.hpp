// A whole result to a file that somebody names, so that no half file is left behind.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "cli/rrdtool/stream_file.hpp"
#include "store/new_file.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

class OutputFile {
  public:
    using Durability = store::NewFile::Durability;

    // Begins a file that will replace the old one, or the one that a link leads to. What is there
    // and no regular file (/dev/null, a pipe) is written into and stays. Errors here and below name
    // the path and the reason, and then the old file stays.
    [[nodiscard]] static Result<OutputFile> open(const std::string& path);

    [[nodiscard]] Result<void> write(std::string_view text);
    // It is whole.
    [[nodiscard]] Result<void> commit(Durability durability = Durability::kSynced);

  private:
    using Target = std::variant<store::NewFile, StreamFile>;
    OutputFile(std::string path, Target target)
        : path_(std::move(path)), target_(std::move(target)) {}

    std::string path_;
    Target target_;
};

// All of it at once.
[[nodiscard]] Result<void> write_output(
    const std::string& path, std::string_view bytes,
    OutputFile::Durability durability = OutputFile::Durability::kSynced);

}  // namespace kurabe::cli::rrdtool
