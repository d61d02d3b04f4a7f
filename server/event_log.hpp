// The events that were told or noticed: in memory for drawing, in SQLite for good. They share the
// file of the metadata, on a connection of their own, so that one copy has both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "server/event.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server {

inline constexpr std::size_t kEventsMax = 200'000;
inline constexpr std::size_t kEventTextBytesMax = 500;
// Older ones are forgotten: no usual archive has rows of them.
inline constexpr store::Seconds kEventLifetime{1100 * 86'400};

// When a host told something: by its own clock, and when that came. The one may be wrong, the other
// late.
struct HeardTimes {
    store::Time told;
    store::Time received;
};

// Of the events that graphs of a host may show: while it is the same, so are they.
struct EventsVersion {
    std::uint64_t wider = 0;  // than a host; 0 without any, as below
    std::uint64_t own = 0;
    bool operator==(const EventsVersion&) const = default;
};

// Thread-safe.
class EventLog {
  public:
    enum class Access { kWrite, kRead };
    // The metadata's file, after that was opened. A reader of one without events has none.
    [[nodiscard]] static Result<std::unique_ptr<EventLog>> open(const std::filesystem::path& file,
                                                                Access access);
    ~EventLog();
    EventLog(const EventLog&) = delete;
    EventLog& operator=(const EventLog&) = delete;

    // Keeps it for good and says its id; what is older than kEventLifetime at `now` goes. kLimit
    // when there are kEventsMax.
    [[nodiscard]] Result<std::int64_t> add(Event event, store::Time now);
    // The same of several, at least one: all of them or none. The id of the first.
    [[nodiscard]] Result<std::int64_t> add_all(std::vector<Event> events, store::Time now);
    // kNotFound without one.
    [[nodiscard]] Result<void> remove(std::int64_t id);

    // Those of the scope that are not over before `begin` and begin at `end` or before; by time.
    // At most `most`, the newest.
    [[nodiscard]] std::vector<Event> of(const EventPlace& place, store::Time begin, store::Time end,
                                        std::size_t most) const;
    // The same of all scopes.
    [[nodiscard]] std::vector<Event> all(store::Time begin, store::Time end,
                                         std::size_t most) const;
    [[nodiscard]] std::optional<Event> find(std::int64_t id) const;
    // Another one after each change of theirs, the same after one of another host's.
    [[nodiscard]] EventsVersion version(std::string_view host) const;

    // A host said that it has been up for so long. It was started anew, which is an event of it,
    // "reboot", when by its own clock that was later than is known of it, and either by ours, too,
    // or it has been up for less than it said before. By its clock alone that was set; by ours
    // alone it was heard late. After an error nothing is known of it: the next report tells it
    // again.
    [[nodiscard]] Result<void> note_uptime(std::string_view host, store::Seconds uptime,
                                           const HeardTimes& heard);

  private:
    struct Parts;
    explicit EventLog(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace kurabe::server
