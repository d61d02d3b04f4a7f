// How arguments are cut into options, values and elements. What each option does stands in the
// tables of graph_option.hpp.
#include "render/graph_options.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "render/graph_option.hpp"
#include "store/at_time.hpp"
#include "store/range_check.hpp"

namespace kurabe::render {

namespace {

class ArgumentReader {
  public:
    ArgumentReader(std::span<const std::string> arguments, OptionState& state)
        : arguments_(arguments), state_(state) {}

    Result<std::vector<std::string>> read() {
        while (next_ < arguments_.size()) {
            const std::string& argument = arguments_[next_++];
            if (argument == "--") {
                elements_.insert(elements_.end(),
                                 arguments_.begin() + static_cast<std::ptrdiff_t>(next_),
                                 arguments_.end());
                break;
            }
            const auto done = argument.starts_with("--")                  ? read_long(argument)
                              : argument.size() > 1 && argument[0] == '-' ? read_letters(argument)
                                                                          : take_element(argument);
            if (!done) {
                return std::unexpected(done.error());
            }
        }
        return std::move(elements_);
    }

  private:
    template <typename Predicate>
    [[nodiscard]] static const Option* find(const Predicate& is_wanted) {
        for (const auto& table :
             {axis_options(), frame_options(), look_options(), output_options(), own_options()}) {
            const auto found = std::ranges::find_if(table, is_wanted);
            if (found != table.end()) return &*found;
        }
        return nullptr;
    }

    Applied take_element(const std::string& argument) {
        elements_.push_back(argument);
        return {};
    }

    Applied read_long(const std::string& argument) {
        const std::size_t equals = std::min(argument.find('='), argument.size());
        const std::string name = argument.substr(2, equals - 2);
        const Option* const option = find([&](const Option& one) { return one.name == name; });
        if (option == nullptr) {
            return invalid_option(fmt::format("invalid option -- '{}'", argument.substr(2)));
        }
        if (equals == argument.size()) {
            return apply(*option, name);
        }
        if (!option->takes_value) {
            return invalid_option(fmt::format("option takes no arguments -- '{}'", name));
        }
        return option->apply(state_, argument.substr(equals + 1));
    }

    // "-gEw400": flags, and at most one option with a value, which is the rest.
    Applied read_letters(const std::string& argument) {
        for (std::size_t i = 1; i < argument.size(); ++i) {
            const Option* const option =
                find([&](const Option& one) { return one.letter == argument[i]; });
            const std::string name(1, argument[i]);
            if (option == nullptr || argument[i] == 0) {
                return invalid_option(fmt::format("invalid option -- '{}'", name));
            }
            if (option->takes_value && i + 1 < argument.size()) {
                return option->apply(state_, argument.substr(i + 1));
            }
            if (const auto done = apply(*option, name); !done) {
                return done;
            }
        }
        return {};
    }

    Applied apply(const Option& option, std::string_view name) {
        if (!option.takes_value) {
            return option.apply(state_, {});
        }
        if (next_ == arguments_.size()) {
            return invalid_option(fmt::format("option requires an argument -- '{}'", name));
        }
        return option.apply(state_, arguments_[next_++]);
    }

    std::span<const std::string> arguments_;
    OptionState& state_;
    std::size_t next_ = 0;
    std::vector<std::string> elements_;
};

}  // namespace

Result<SplitArguments> parse_options(std::span<const std::string> arguments, store::Time now,
                                     const store::TimeZone& zone) {
    OptionState state{.options = {}, .zone = zone};
    state.options.fonts = rrdtool_fonts();
    auto elements = ArgumentReader(arguments, state).read();
    if (!elements) {
        return std::unexpected(elements.error());
    }
    if (const auto checked = check_axis_options(state.options); !checked) {
        return std::unexpected(checked.error());
    }
    const auto range =
        store::parse_time_range(state.start, state.end, now, state.options.zone.value_or(zone));
    if (!range) {
        return std::unexpected(range.error());
    }
    if (auto checked = store::check_range(*range); !checked) {
        return std::unexpected(checked.error());
    }
    state.options.start = range->start;
    state.options.end = range->end;
    if (const auto done = finish_own_options(state, now); !done) {
        return std::unexpected(done.error());
    }
    return SplitArguments{std::move(state.options), std::move(*elements)};
}

}  // namespace kurabe::render
