// Reads the files line by line.
#include "tests/gallery/definition_file.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace kurabe::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kComment = "# ";
constexpr std::string_view kWaitsFor = "waits-for: ";
constexpr std::string_view kDiffers = "differs: ";
constexpr std::string_view kBecause = "because: ";

void append_words(std::vector<std::string>& words, const std::string& line) {
    const std::size_t end = line.starts_with('-') ? line.find_first_of(" =") : std::string::npos;
    const bool has_argument = end != std::string::npos && line[end] == ' ';
    words.push_back(has_argument ? line.substr(0, end) : line);
    if (has_argument) words.push_back(line.substr(end + 1));
}

DefinitionFile read_definition(const fs::path& path) {
    DefinitionFile file;
    file.origin = path.parent_path().filename();
    file.name = path.stem();
    std::ifstream stream(path);
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with(kComment)) {
            if (!file.comment.empty()) file.comment += ' ';
            file.comment += line.substr(kComment.size());
        } else if (line.starts_with(kWaitsFor)) {
            file.waits_for = line.substr(kWaitsFor.size());
        } else if (line.starts_with(kDiffers)) {
            std::istringstream keys(line.substr(kDiffers.size()));
            for (std::string key; keys >> key;) file.differs.push_back(key);
        } else if (line.starts_with(kBecause)) {
            file.because = line.substr(kBecause.size());
        } else if (!line.empty()) {
            append_words(file.words, line);
        }
    }
    if (file.words.empty()) throw std::runtime_error(path.string() + " defines no graph");
    return file;
}

}  // namespace

std::string DefinitionFile::format() const {
    constexpr std::string_view kJoined = "--imgformat=";
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i].starts_with(kJoined)) return words[i].substr(kJoined.size());
        if ((words[i] == "--imgformat" || words[i] == "-a") && i + 1 < words.size()) {
            return words[i + 1];
        }
    }
    return "PNG";
}

std::vector<DefinitionFile> read_definitions(const fs::path& folder) {
    std::vector<DefinitionFile> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".txt") files.push_back(read_definition(entry.path()));
    }
    std::ranges::sort(files, {}, &DefinitionFile::path);
    return files;
}

}  // namespace kurabe::tests
