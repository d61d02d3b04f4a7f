// What somebody sends of many hosts, sorted into one report for each: what every form of pushing
// has in common, once its own text is read. The four columns of Kurado's agents are read by
// line_reader.hpp.
// Rule: docs/collectors.md, "Lines"; docs/operations.md, "Pushing lines".
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "collectors/report.hpp"
#include "store/result.hpp"

namespace kurabe::collectors {

inline constexpr std::size_t kLinesMax = 250'000;     // that are taken
inline constexpr std::size_t kLineHostsMax = 20'000;  // a configuration has as many at most
// Wrong lines that are kept with their reasons; the others are only counted.
inline constexpr std::size_t kLineErrorsMax = 100;

struct LineError {
    std::optional<std::size_t> line;  // from 1; none when the reason says where
    std::string reason;
    std::string subject = {};  // "HOST NAME" as far as the line has them, for our own log
};

// Lines, or what stands for them in another form.
struct ReadLines {
    // One per host, in the order of their first lines; the samples of each oldest first, and time
    // that of its newest meta or warning, else that of its newest sample. Warnings alone are no
    // sign of life: others, too, warn of a host that they cannot reach.
    std::vector<Report> reports;
    std::size_t taken = 0;  // lines that are in a report
    std::size_t refused = 0;
    std::vector<LineError> errors;
    std::size_t forbidden = 0;  // of those refused, what nobody may send who sent these
};

// The host whose lines these are, by the name that the store has for it, when whoever sent them may
// send them; the error's message is why not. kInvalid: there is no such host.
using HostLookup = std::function<Result<std::string>(std::string_view host)>;

// Control bytes and what is not UTF-8 of a text for people become '?'.
[[nodiscard]] std::string readable(std::string_view text);

class SentReports {
  public:
    // `host_of` must outlive it; it is asked once about each name that it allows.
    explicit SentReports(const HostLookup& host_of) : host_of_(host_of) {}

    // What is added next is about this host, by any of its names. Room is made for so many samples
    // of a new one.
    [[nodiscard]] Result<void> choose_host(std::string_view host, std::size_t samples = 1);
    // Of the chosen host; the key ends in its type, `value` is a text of rrdtool's. Names are
    // checked here, their UTF-8 is the caller's. Nothing is added when there is an error.
    [[nodiscard]] Result<void> add_sample(std::string_view plugin, std::string_view key,
                                          std::string_view value, store::SampleTime time);
    [[nodiscard]] Result<void> add_meta(std::string_view plugin, std::string_view key,
                                        std::string_view value, store::SampleTime time);
    [[nodiscard]] Result<void> add_warning(std::string_view plugin, std::string_view key,
                                           std::string_view text, store::SampleTime time);

    // One line is wrong.
    void refuse(std::optional<std::size_t> line, std::string reason, std::string subject = {});
    [[nodiscard]] bool is_full() const noexcept { return done_.taken >= kLinesMax; }

    // A host of which everything turned out wrong has no report.
    [[nodiscard]] ReadLines finish();

  private:
    // A report with what is needed until it is finished.
    struct Filling {
        Report report;
        store::SampleTime newest_sample{};
        store::SampleTime newest_text{};
        bool is_in_order = true;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view host) const noexcept {
            return std::hash<std::string_view>()(host);
        }
    };

    [[nodiscard]] Result<void> begin_name(std::string_view name, std::size_t samples);
    [[nodiscard]] Result<void> begin_host(std::string host, std::size_t samples);
    [[nodiscard]] Result<void> check_plugin(std::string_view plugin);

    const HostLookup& host_of_;
    ReadLines done_;
    std::vector<Filling> filled_;
    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> places_;  // by all names
    std::size_t filling_ = 0;
    std::string plugin_;  // the last that was right
};

}  // namespace kurabe::collectors
