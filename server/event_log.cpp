// All events are read at the start; a change goes to the file first and then to memory.
#include "server/event_log.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "server/sqlite_handles.hpp"
#include "store/epoch.hpp"
#include "store/guarded.hpp"

namespace kurabe::server {
namespace {

namespace fs = std::filesystem;

// By so much a clock may be set without a reboot.
constexpr store::Seconds kClockSlack{180};
constexpr std::string_view kReboot = "reboot";

// `ended` is the time again for a moment. Parts of the scope that say nothing are empty. When a
// host was started: in `boot` by the times that it told, in `boot_received` by those when that
// came.
constexpr const char* kEventSchema = R"sql(
    CREATE TABLE IF NOT EXISTS event (
        id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, ended INTEGER NOT NULL,
        text TEXT NOT NULL, color TEXT NOT NULL, source TEXT NOT NULL, service TEXT NOT NULL,
        section TEXT NOT NULL, role TEXT NOT NULL, host TEXT NOT NULL, plugin TEXT NOT NULL,
        graph TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS boot (
        host TEXT PRIMARY KEY, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS boot_received (
        host TEXT PRIMARY KEY, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";
// An event that is acknowledged survives a power cut; when hosts were started is heard again.
constexpr const char* kEventSync = "PRAGMA synchronous = FULL";
constexpr const char* kUsualSync = "PRAGMA synchronous = NORMAL";

constexpr const char* kSelect =
    "SELECT id, time, ended, text, color, source, service, section, role, host, plugin, graph"
    " FROM event ORDER BY time, id";
constexpr const char* kInsert =
    "INSERT INTO event (time, ended, text, color, source, service, section, role, host, plugin,"
    " graph) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
constexpr const char* kDelete = "DELETE FROM event WHERE id = ?1";
constexpr const char* kForget = "DELETE FROM event WHERE ended < ?1";
constexpr const char* kSelectBoots =
    "SELECT host, boot.time, coalesce(boot_received.time, boot.time)"
    " FROM boot LEFT JOIN boot_received USING (host)";
constexpr const char* kPutBoot =
    "INSERT INTO boot VALUES (?1, ?2) ON CONFLICT DO UPDATE SET time = excluded.time";
constexpr const char* kPutBootReceived =
    "INSERT INTO boot_received VALUES (?1, ?2) ON CONFLICT DO UPDATE SET time = excluded.time";

store::Time time_of(std::int64_t seconds) {
    return store::Time(store::Seconds(seconds));
}

store::Time end_of(const Event& event) {
    return event.end.value_or(event.time);
}

Event event_of(const Run& row) {
    Event event{.id = row.number(0),
                .time = time_of(row.number(1)),
                .text = row.text(3),
                .color = row.text(4),
                .source = row.text(5),
                .scope = {.service = row.text(6),
                          .section = row.text(7),
                          .role = row.text(8),
                          .host = row.text(9),
                          .plugin = row.text(10),
                          .graph = row.text(11)}};
    if (row.number(2) != row.number(1)) event.end = time_of(row.number(2));
    return event;
}

// By time, and the longest of them, so that a search knows where to begin.
struct Sorted {
    std::vector<Event> events;
    store::Seconds longest{0};
    std::uint64_t version = 0;  // the same while the list is

    void insert(Event event) {
        longest = std::max(longest, end_of(event) - event.time);
        const auto place = std::ranges::upper_bound(events, event.time, {}, &Event::time);
        events.insert(place, std::move(event));
    }
    // Calls `take` for each that is not over before `begin` and begins at `end` or before.
    template <typename Take>
    void visit(store::Time begin, store::Time end, const Take& take) const {
        const auto first = std::ranges::lower_bound(events, begin - longest, {}, &Event::time);
        for (auto event = first; event != events.end() && event->time <= end; ++event) {
            if (end_of(*event) >= begin) take(*event);
        }
    }
};

bool is_later(store::Time boot, store::Time known) {
    return boot > known + kClockSlack;
}

// When a host was started: by its own clock, and by ours when that came.
struct BootTimes {
    store::Time by_its_clock;
    store::Time by_ours;
};

struct KnownBoot {
    BootTimes times;
    std::optional<store::Seconds> uptime = {};  // the last that it said to this process
};

// Those of hosts apart: each host has few, the fleet may have many.
struct Known {
    std::map<std::string, Sorted, std::less<>> of_hosts;
    Sorted others;
    std::map<std::string, KnownBoot, std::less<>> boots;
    std::size_t count = 0;
    std::uint64_t changes = 0;

    void insert(Event event) {
        Sorted& list = event.scope.host.empty() ? others : of_hosts[event.scope.host];
        list.insert(std::move(event));
        list.version = ++changes;
        ++count;
    }
    // Whether it is up as it was known to be; then it has said so.
    bool goes_on(std::string_view host, const BootTimes& boot, store::Seconds uptime) {
        const auto found = boots.find(host);
        if (found == boots.end()) return false;
        KnownBoot& last = found->second;
        if (is_later(boot.by_its_clock, last.times.by_its_clock)) return false;
        last.uptime = uptime;
        return true;
    }
    template <typename Wanted>
    void erase_if(const Wanted& wanted) {
        const auto erase_from = [this, &wanted](Sorted& list) {
            const std::size_t erased = std::erase_if(list.events, wanted);
            if (erased == 0) return;
            count -= erased;
            list.version = list.events.empty() ? 0 : ++changes;
        };
        erase_from(others);
        for (auto& [host, list] : of_hosts) erase_from(list);
        // Else the names of all hosts that there ever were would stay.
        std::erase_if(of_hosts, [](const auto& one) { return one.second.events.empty(); });
    }
};

std::vector<Event> newest(std::vector<Event> events, std::size_t most) {
    std::ranges::stable_sort(events, {}, &Event::time);
    if (events.size() > most) {
        events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(most));
    }
    return events;
}

}  // namespace

struct EventLog::Parts {
    fs::path file;
    std::mutex mutex;  // of the database; taken before that of `known`
    Database database;
    store::Guarded<Known> known;

    [[nodiscard]] Result<void> connect(Access access);
    [[nodiscard]] Result<void> execute(const char* sql);
    [[nodiscard]] Result<Statement> prepare(const char* sql);
    [[nodiscard]] Result<void> read_all();
    // All that `write` does, or nothing.
    template <typename Write>
    [[nodiscard]] Result<void> transact(const Write& write);
    // The same, and it survives a power cut.
    template <typename Write>
    [[nodiscard]] Result<void> transact_for_good(const Write& write);
    // Gives each its id.
    [[nodiscard]] Result<void> insert(std::vector<Event>& events);
    [[nodiscard]] Result<void> insert(Event& event);
    // For so many more events, after what is too old at `now` was forgotten.
    [[nodiscard]] Result<void> make_room(std::size_t more, store::Time now);
    // Forgets what is older.
    [[nodiscard]] Result<void> forget(store::Time begin);
    [[nodiscard]] Result<void> check_writable() const;
    [[nodiscard]] std::optional<KnownBoot> boot_of(std::string_view host) const;
    [[nodiscard]] Result<void> put_boot(std::string_view host, const BootTimes& boot);
    [[nodiscard]] Result<void> add_reboot(std::string_view host, const BootTimes& boot,
                                          store::Time now);
};

Result<void> EventLog::Parts::connect(Access access) {
    const int flags =
        access == Access::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    return server::connect(file.native(), flags, file, database);
}

Result<void> EventLog::Parts::execute(const char* sql) {
    return server::execute(database.get(), sql, file);
}

Result<Statement> EventLog::Parts::prepare(const char* sql) {
    return server::prepare(database.get(), sql, 0, file);
}

Result<void> EventLog::Parts::read_all() {
    const auto select = prepare(kSelect);
    if (!select) return std::unexpected(select.error());
    const auto now = known.lock();
    for (Run rows(select->get(), database.get(), file);;) {
        const auto row = rows.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) break;
        now->insert(event_of(rows));
    }
    const auto boots = prepare(kSelectBoots);
    if (!boots) return std::unexpected(boots.error());
    for (Run rows(boots->get(), database.get(), file);;) {
        const auto row = rows.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return {};
        now->boots.insert_or_assign(rows.text(0),
                                    KnownBoot{{.by_its_clock = time_of(rows.number(1)),
                                               .by_ours = time_of(rows.number(2))}});
    }
}

Result<void> EventLog::Parts::check_writable() const {
    if (database != nullptr && sqlite3_db_readonly(database.get(), "main") == 0) return {};
    return fail(ErrorCode::kInvalid, fmt::format("{}: was opened to be read only", file.native()));
}

std::optional<KnownBoot> EventLog::Parts::boot_of(std::string_view host) const {
    const auto all = known.lock_shared();
    const auto found = all->boots.find(host);
    return found == all->boots.end() ? std::nullopt : std::optional(found->second);
}

template <typename Write>
Result<void> EventLog::Parts::transact(const Write& write) {
    Result<void> done = execute("BEGIN IMMEDIATE");
    if (!done) return done;
    done = write();
    if (done) done = execute("COMMIT");
    if (!done) static_cast<void>(execute("ROLLBACK"));
    return done;
}

template <typename Write>
Result<void> EventLog::Parts::transact_for_good(const Write& write) {
    if (auto set = execute(kEventSync); !set) return set;
    Result<void> done = transact(write);
    static_cast<void>(execute(kUsualSync));  // without it the rest is only slower
    return done;
}

Result<void> EventLog::Parts::put_boot(std::string_view host, const BootTimes& boot) {
    for (const auto& [sql, time] :
         {std::pair(kPutBootReceived, boot.by_ours), std::pair(kPutBoot, boot.by_its_clock)}) {
        const auto statement = prepare(sql);
        if (!statement) return std::unexpected(statement.error());
        auto done = Run(statement->get(), database.get(), file)
                        .bind(host)
                        .bind(store::epoch_seconds(time))
                        .finish();
        if (!done) return done;
    }
    return {};
}

// The event and the times together: with one of them alone the other would never be told again.
Result<void> EventLog::Parts::add_reboot(std::string_view host, const BootTimes& boot,
                                         store::Time now) {
    Event event{.time = boot.by_its_clock,
                .text = std::string(kReboot),
                .source = std::string(kReboot),
                .scope = {.host = std::string(host)}};
    if (auto room = make_room(1, now); !room) return room;
    auto added = transact_for_good([&]() -> Result<void> {
        if (auto put = put_boot(host, boot); !put) return put;
        return insert(event);
    });
    if (added) known.lock()->insert(std::move(event));
    return added;
}

Result<void> EventLog::Parts::insert(std::vector<Event>& events) {
    for (Event& event : events) {
        if (auto inserted = insert(event); !inserted) return inserted;
    }
    return {};
}

Result<void> EventLog::Parts::insert(Event& event) {
    const auto statement = prepare(kInsert);
    if (!statement) return std::unexpected(statement.error());
    const EventScope& scope = event.scope;
    const auto done = Run(statement->get(), database.get(), file)
                          .bind(store::epoch_seconds(event.time))
                          .bind(store::epoch_seconds(end_of(event)))
                          .bind(event.text)
                          .bind(event.color)
                          .bind(event.source)
                          .bind(scope.service)
                          .bind(scope.section)
                          .bind(scope.role)
                          .bind(scope.host)
                          .bind(scope.plugin)
                          .bind(scope.graph)
                          .finish();
    if (done) event.id = sqlite3_last_insert_rowid(database.get());
    return done;
}

Result<void> EventLog::Parts::forget(store::Time begin) {
    const auto is_over = [begin](const Event& event) { return end_of(event) < begin; };
    const auto statement = prepare(kForget);
    if (!statement) return std::unexpected(statement.error());
    const auto done =
        Run(statement->get(), database.get(), file).bind(store::epoch_seconds(begin)).finish();
    if (done && sqlite3_changes(database.get()) > 0) known.lock()->erase_if(is_over);
    return done;
}

Result<void> EventLog::Parts::make_room(std::size_t more, store::Time now) {
    if (auto forgot = forget(now - kEventLifetime); !forgot) return forgot;
    if (known.lock_shared()->count + more <= kEventsMax) return {};
    return fail(ErrorCode::kLimit,
                fmt::format("there are {} events, the limit; remove some", kEventsMax));
}

EventLog::EventLog(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

EventLog::~EventLog() = default;

Result<std::unique_ptr<EventLog>> EventLog::open(const fs::path& file, Access access) {
    auto parts = std::make_unique<Parts>();
    parts->file = file;
    const auto connected = parts->connect(access);
    if (access == Access::kRead) {
        // Nothing can be made then: what cannot be read is not there.
        if (!connected || !parts->read_all()) parts->database.reset();
        return std::unique_ptr<EventLog>(new EventLog(std::move(parts)));
    }
    if (!connected) return std::unexpected(connected.error());
    for (const char* const sql : {kUsualSync, kEventSchema}) {
        if (auto done = parts->execute(sql); !done) return std::unexpected(done.error());
    }
    if (auto read = parts->read_all(); !read) return std::unexpected(read.error());
    return std::unique_ptr<EventLog>(new EventLog(std::move(parts)));
}

Result<std::int64_t> EventLog::add(Event event, store::Time now) {
    return add_all({std::move(event)}, now);
}

Result<std::int64_t> EventLog::add_all(std::vector<Event> events, store::Time now) {
    assert(!events.empty());
    const std::lock_guard lock(parts_->mutex);
    if (auto writable = parts_->check_writable(); !writable) {
        return std::unexpected(writable.error());
    }
    if (auto room = parts_->make_room(events.size(), now); !room) {
        return std::unexpected(room.error());
    }
    if (auto inserted = parts_->transact_for_good([&] { return parts_->insert(events); });
        !inserted) {
        return std::unexpected(inserted.error());
    }
    const std::int64_t first = events.front().id;
    const auto known = parts_->known.lock();
    for (Event& event : events) known->insert(std::move(event));
    return first;
}

Result<void> EventLog::remove(std::int64_t id) {
    const std::lock_guard lock(parts_->mutex);
    if (auto writable = parts_->check_writable(); !writable) return writable;
    const auto statement = parts_->prepare(kDelete);
    if (!statement) return std::unexpected(statement.error());
    if (auto done = Run(statement->get(), parts_->database.get(), parts_->file).bind(id).finish();
        !done) {
        return done;
    }
    if (sqlite3_changes(parts_->database.get()) == 0) {
        return fail(ErrorCode::kNotFound, fmt::format("there is no event {}", id));
    }
    parts_->known.lock()->erase_if([id](const Event& event) { return event.id == id; });
    return {};
}

std::vector<Event> EventLog::of(const EventPlace& place, store::Time begin, store::Time end,
                                std::size_t most) const {
    std::vector<Event> events;
    const auto take = [&](const Event& event) {
        if (concerns(event.scope, place)) events.push_back(event);
    };
    {
        const auto known = parts_->known.lock_shared();
        known->others.visit(begin, end, take);
        const auto own = known->of_hosts.find(place.host);
        if (own != known->of_hosts.end()) own->second.visit(begin, end, take);
    }
    return newest(std::move(events), most);
}

std::vector<Event> EventLog::all(store::Time begin, store::Time end, std::size_t most) const {
    std::vector<Event> events;
    const auto take = [&events](const Event& event) { events.push_back(event); };
    {
        const auto known = parts_->known.lock_shared();
        known->others.visit(begin, end, take);
        for (const auto& [host, own] : known->of_hosts) own.visit(begin, end, take);
    }
    return newest(std::move(events), most);
}

std::optional<Event> EventLog::find(std::int64_t id) const {
    const auto known = parts_->known.lock_shared();
    const auto in = [id](const Sorted& list) -> std::optional<Event> {
        const auto found = std::ranges::find(list.events, id, &Event::id);
        return found == list.events.end() ? std::nullopt : std::optional(*found);
    };
    if (auto found = in(known->others)) return found;
    for (const auto& [host, own] : known->of_hosts) {
        if (auto found = in(own)) return found;
    }
    return std::nullopt;
}

EventsVersion EventLog::version(std::string_view host) const {
    const auto known = parts_->known.lock_shared();
    const auto own = known->of_hosts.find(host);
    return {.wider = known->others.version,
            .own = own == known->of_hosts.end() ? 0 : own->second.version};
}

Result<void> EventLog::note_uptime(std::string_view host, store::Seconds uptime,
                                   const HeardTimes& heard) {
    BootTimes boot{.by_its_clock = heard.told - uptime, .by_ours = heard.received - uptime};
    if (parts_->known.lock()->goes_on(host, boot, uptime)) return {};
    const std::lock_guard lock(parts_->mutex);
    // Another report of that start may have been first.
    if (parts_->known.lock()->goes_on(host, boot, uptime)) return {};
    const auto last = parts_->boot_of(host);
    if (auto writable = parts_->check_writable(); !writable) return writable;
    const bool is_reboot = last && (is_later(boot.by_ours, last->times.by_ours) ||
                                    (last->uptime && uptime < *last->uptime));
    if (last && !is_reboot) boot.by_ours = last->times.by_ours;  // its clock was set
    auto kept = is_reboot ? parts_->add_reboot(host, boot, heard.received)
                          : parts_->transact([&] { return parts_->put_boot(host, boot); });
    if (kept) {
        parts_->known.lock()->boots.insert_or_assign(std::string(host), KnownBoot{boot, uptime});
    }
    return kept;
}

}  // namespace kurabe::server
