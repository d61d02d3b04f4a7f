// The defaults that rrdgraph(1) documents, as rrdtool 1.7.2 draws them.
#include "render/graph_definition.hpp"

#include <algorithm>

namespace kurabe::render {

std::array<Color, kColorTagCount> rrdtool_colors() {
    return {Color{0xF3, 0xF3, 0xF3}, Color{0xFF, 0xFF, 0xFF},       Color{0xCF, 0xCF, 0xCF},
            Color{0x9E, 0x9E, 0x9E}, Color{0x8F, 0x8F, 0x8F, 0xBF}, Color{0xDE, 0x4F, 0x4F, 0x99},
            Color{0x00, 0x00, 0x00}, Color{0x1E, 0x1E, 0x1E},       Color{0x00, 0x00, 0x00},
            Color{0x7F, 0x1E, 0x1E}};
}

std::array<Font, kFontTagCount> rrdtool_fonts() {
    return {Font{9, {}}, Font{7, {}}, Font{8, {}}, Font{8, {}}, Font{5.5, {}}};
}

bool has_picture(const GraphDefinition& definition) {
    return std::ranges::any_of(definition.elements, [](const Element& element) {
        const auto* const print = std::get_if<PrintElement>(&element);
        if (print != nullptr) return print->in_graph;
        return !std::holds_alternative<CommentElement>(element) &&
               !std::holds_alternative<TextAlignElement>(element) &&
               !std::holds_alternative<ShiftElement>(element) &&
               !std::holds_alternative<ExportElement>(element);
    });
}

}  // namespace kurabe::render
