// Reads a request's parameters one after the other; the first that is wrong is kept as the error
// and names its parameter, so that a page reads all of them and checks once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http_types.hpp"
#include "server/term.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kAddressesMax = 500;
// How far beyond now a range may end: what lies there is unknown and only costs rows.
inline constexpr store::Seconds kFutureMax{366 * 86400};

inline constexpr int kResolutionMax = 366 * 86400;  // seconds

// What a page or graph shows: a term until now, or a custom range.
struct Period {
    Term term = Term::kDay;
    store::Time from;  // of kCustom
    store::Time to;
    bool moves = true;  // it is another one later: a term, and a range that ends or begins by now
};

// What dates of "from" and "to" mean without "term": nothing, as in Kurado, or a custom range,
// which times of rrdtool's grammar, that Kurado does not know, always mean.
enum class BareRange : std::uint8_t { kPassedOver, kCounts };

// Views point into the request, which must outlive the reader.
class Parameters {
  public:
    explicit Parameters(const Request& request) : request_(request) {}

    // Empty when missing. A parameter that is given twice is an error here and below.
    std::string_view text(std::string_view name);
    std::string_view required(std::string_view name);
    // All values of one that may be given `count_max` times.
    std::vector<std::string_view> texts(std::string_view name, std::size_t count_max);
    int integer(std::string_view name, int otherwise, int low, int high);
    // "term", "from" and "to", which are dates (parse_date), or else rrdtool's: "-24h", "end-1w",
    // "now"; `default_to` ends a custom range without "to".
    Period period(const store::TimeZone& zone, store::Time now, store::Time default_to,
                  BareRange bare = BareRange::kPassedOver);
    // "tz"; none when it is not given.
    std::optional<store::TimeZone> zone();
    // 1 to kAddressesMax different values of "address", in their order.
    std::vector<std::string_view> addresses();

    // For what a page finds wrong by itself; only the first error is kept.
    void reject(std::string_view name, std::string_view reason);
    // The first error.
    [[nodiscard]] Result<void> check() const;

  private:
    std::optional<store::Time> date(std::string_view name, const store::TimeZone& zone);
    // "from" and "to" of which one is rrdtool's. Missing ones become those of `period`.
    void read_relative(Period& period, const store::TimeZone& zone, store::Time now);

    const Request& request_;
    std::optional<Error> error_;
};

// Value of a header, found without regard to case; empty when there is none.
[[nodiscard]] std::string_view header_value(const Request& request, std::string_view name);

}  // namespace kurabe::server
