// A layer without STACK begins a stack, and so does the first.
#include "render/stacks.hpp"

#include <utility>
#include <variant>

namespace kurabe::render {

namespace {

StackLayer layer_of(const LineElement& line) {
    return {.value = &line.value,
            .color = line.color,
            .width_px = line.width_px,
            .is_line = true,
            .dashed = !line.dashes.on_off_px.empty(),
            .skip_scale = line.skip_scale,
            .has_legend = !line.legend.empty()};
}

StackLayer layer_of(const AreaElement& area) {
    return {.value = &area.value,
            .color = area.color,
            .skip_scale = area.skip_scale,
            .has_legend = !area.legend.empty()};
}

}  // namespace

std::vector<Stack> stacks_of(const GraphDefinition& definition) {
    std::vector<Stack> stacks;
    std::size_t number = 0;
    const auto add = [&](std::size_t element, const auto& drawn) {
        StackLayer layer = layer_of(drawn);
        layer.element = element;
        layer.number = number++;
        if (stacks.empty() || !drawn.stack) stacks.emplace_back();
        stacks.back().push_back(std::move(layer));
    };
    for (std::size_t i = 0; i < definition.elements.size(); ++i) {
        const Element& element = definition.elements[i];
        if (const auto* const line = std::get_if<LineElement>(&element)) add(i, *line);
        if (const auto* const area = std::get_if<AreaElement>(&element)) add(i, *area);
    }
    return stacks;
}

}  // namespace kurabe::render
