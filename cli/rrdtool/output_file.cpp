// A new file, or a stream into what is there.
#include "cli/rrdtool/output_file.hpp"

#include <cerrno>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace kurabe::cli::rrdtool {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> failed(std::string_view path, int error) {
    return fail(error == ENOSPC ? ErrorCode::kNoSpace : ErrorCode::kSystem,
                fmt::format("writing '{}': {}", path, std::system_category().message(error)));
}

bool is_stream(const fs::path& path) {
    std::error_code ignored;
    const fs::file_status status = fs::status(path, ignored);
    return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

}  // namespace

Result<OutputFile> OutputFile::open(const std::string& path) {
    if (is_stream(path)) {
        auto stream = StreamFile::open_to_write(path);
        if (!stream) return failed(path, stream.error());
        return OutputFile(path, std::move(*stream));
    }
    std::error_code not_there;
    const fs::path target = fs::canonical(path, not_there);
    auto file = store::NewFile::create(not_there ? fs::path(path) : target);
    if (!file) return std::unexpected(file.error());
    return OutputFile(path, std::move(*file));
}

Result<void> OutputFile::write(std::string_view text) {
    if (auto* const file = std::get_if<store::NewFile>(&target_)) {
        return file->write(std::as_bytes(std::span(text)));
    }
    if (const auto written = std::get<StreamFile>(target_).write(text); !written) {
        return failed(path_, written.error());
    }
    return {};
}

Result<void> OutputFile::commit(Durability durability) {
    auto* const file = std::get_if<store::NewFile>(&target_);
    if (file == nullptr) return {};
    return file->commit(store::NewFile::Existing::kReplace, durability);
}

Result<void> write_output(const std::string& path, std::string_view bytes,
                          OutputFile::Durability durability) {
    auto file = OutputFile::open(path);
    if (!file) return std::unexpected(file.error());
    if (auto written = file->write(bytes); !written) return written;
    return file->commit(durability);
}

}  // namespace kurabe::cli::rrdtool
