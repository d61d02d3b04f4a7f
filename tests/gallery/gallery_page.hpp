// The page that shows rrdtool's picture and ours of each definition side by side, for the eye.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/gallery/definition_file.hpp"
#include "tests/gallery/graph_report.hpp"

namespace kurabe::tests {

struct GalleryEntry {
    DefinitionFile definition;
    std::filesystem::path ours;  // pictures, relative to the page
    std::filesystem::path theirs;
    std::string error;  // of ours, when it drew nothing
    std::vector<Difference> differences;
};

[[nodiscard]] std::string gallery_page(const std::vector<GalleryEntry>& entries);

}  // namespace kurabe::tests
