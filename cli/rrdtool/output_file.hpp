// A whole result to a file that somebody names, so that no half file is left behind.
#pragma once

#include <filesystem>
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

    // Begins a file that will replace the old one, or the one that a link leads to, with its mode
    // and owner. Written into at once, as rrdtool does with every file, is what a replacement would
    // cut off: a pipe, a device, a file with several names, of another owner whom this process
    // cannot give files, or in a directory that keeps it, and what is left to a link that leads to
    // no name. Errors here and below name the path and the reason; a file that is to be replaced
    // stays then.
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

// Makes the directory and those around it that are missing; their names survive a power cut.
[[nodiscard]] Result<void> make_directories(const std::filesystem::path& directory);

}  // namespace kurabe::cli::rrdtool
