// The file's age and, of PNG alone as in rrdtool, its first bytes.
#include "cli/lazy_picture.hpp"

#include <array>
#include <fstream>
#include <string_view>

#include <sys/stat.h>

namespace kurabe::cli {

namespace {

// The signature and the beginning of the first chunk.
constexpr std::string_view kPngBegin("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);

bool is_png(const std::filesystem::path& path) {
    std::array<char, kPngBegin.size()> begin{};
    std::ifstream(path, std::ios::binary).read(begin.data(), begin.size());
    return std::string_view(begin.data(), begin.size()) == kPngBegin;
}

}  // namespace

bool is_up_to_date(const std::filesystem::path& picture, const render::GraphOptions& options,
                   store::Time now) {
    struct stat status {};
    if (::stat(picture.c_str(), &status) == -1 || !S_ISREG(status.st_mode)) return false;
    const store::Time written{store::Seconds{status.st_mtim.tv_sec}};
    const store::Seconds pixel = (options.end - options.start) / options.width_px;
    return now - written <= pixel && (render::is_vector(options.format) || is_png(picture));
}

}  // namespace kurabe::cli
