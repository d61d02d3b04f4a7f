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
constexpr const char* kSchema = R"sql(
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

std::int64_t seconds_of(store::Time time) {
    return time.time_since_epoch().count();
}

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

// Those of hosts apart: each host has few, the fleet may have many.
struct Known {
    std::map<std::string, Sorted, std::less<>> of_hosts;
    Sorted others;
    std::map<std::string, HeardTimes, std::less<>> boots;
    std::size_t count = 0;
    std::uint64_t version = 0;

    void insert(Event event) {
        ++version;
        Sorted& list = event.scope.host.empty() ? others : of_hosts[event.scope.host];
        list.insert(std::move(event));
        ++count;
    }
    template <typename Wanted>
    void erase_if(const Wanted& wanted) {
        ++version;
        count -= std::erase_if(others.events, wanted);
        for (auto& [host, list] : of_hosts) count -= std::erase_if(list.events, wanted);
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
    // All or none; gives each its id.
    [[nodiscard]] Result<void> insert(std::vector<Event>& events);
    [[nodiscard]] Result<void> insert(Event& event);
    // Forgets what is older.
    [[nodiscard]] Result<void> forget(store::Time begin);
    [[nodiscard]] Result<void> check_writable() const;
    [[nodiscard]] std::optional<HeardTimes> boot_of(std::string_view host) const;
    [[nodiscard]] Result<void> keep_boot(std::string_view host, const HeardTimes& boot);
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
                                    HeardTimes{time_of(rows.number(1)), time_of(rows.number(2))});
    }
}

Result<void> EventLog::Parts::check_writable() const {
    if (database != nullptr && sqlite3_db_readonly(database.get(), "main") == 0) return {};
    return fail(ErrorCode::kInvalid, fmt::format("{}: was opened to be read only", file.native()));
}

std::optional<HeardTimes> EventLog::Parts::boot_of(std::string_view host) const {
    const auto all = known.lock_shared();
    const auto found = all->boots.find(host);
    return found == all->boots.end() ? std::nullopt : std::optional(found->second);
}

Result<void> EventLog::Parts::keep_boot(std::string_view host, const HeardTimes& boot) {
    const std::lock_guard lock(mutex);
    if (auto writable = check_writable(); !writable) return writable;
    for (const auto& [sql, time] :
         {std::pair(kPutBootReceived, boot.received), std::pair(kPutBoot, boot.told)}) {
        const auto statement = prepare(sql);
        if (!statement) return std::unexpected(statement.error());
        auto done =
            Run(statement->get(), database.get(), file).bind(host).bind(seconds_of(time)).finish();
        if (!done) return done;
    }
    known.lock()->boots.insert_or_assign(std::string(host), boot);
    return {};
}

Result<void> EventLog::Parts::insert(std::vector<Event>& events) {
    if (auto set = execute(kEventSync); !set) return set;
    Result<void> done = execute("BEGIN IMMEDIATE");
    if (done) {
        for (Event& event : events) {
            if (done) done = insert(event);
        }
        if (done) done = execute("COMMIT");
        if (!done) static_cast<void>(execute("ROLLBACK"));
    }
    static_cast<void>(execute(kUsualSync));  // without it the rest is only slower
    return done;
}

Result<void> EventLog::Parts::insert(Event& event) {
    const auto statement = prepare(kInsert);
    if (!statement) return std::unexpected(statement.error());
    const EventScope& scope = event.scope;
    const auto done = Run(statement->get(), database.get(), file)
                          .bind(seconds_of(event.time))
                          .bind(seconds_of(end_of(event)))
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
    const auto done = Run(statement->get(), database.get(), file).bind(seconds_of(begin)).finish();
    if (done && sqlite3_changes(database.get()) > 0) known.lock()->erase_if(is_over);
    return done;
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
    for (const char* const sql : {kUsualSync, kSchema}) {
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
    if (auto forgot = parts_->forget(now - kEventLifetime); !forgot) {
        return std::unexpected(forgot.error());
    }
    if (parts_->known.lock_shared()->count + events.size() > kEventsMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("there are {} events, the limit; remove some", kEventsMax));
    }
    if (auto inserted = parts_->insert(events); !inserted) {
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

std::uint64_t EventLog::version() const {
    return parts_->known.lock_shared()->version;
}

Result<void> EventLog::note_uptime(std::string_view host, store::Seconds uptime,
                                   const HeardTimes& heard) {
    HeardTimes boot{heard.told - uptime, heard.received - uptime};
    const auto last = parts_->boot_of(host);
    if (last && !is_later(boot.told, last->told)) return {};
    const bool was_only_set = last && !is_later(boot.received, last->received);
    if (was_only_set) boot.received = last->received;
    if (auto kept = parts_->keep_boot(host, boot); !kept) return kept;
    if (!last || was_only_set) return {};  // without `last` only now is it known at all
    Event event{.time = boot.told, .text = std::string(kReboot), .source = std::string(kReboot)};
    event.scope.host = host;
    const auto added = add(std::move(event), heard.received);
    if (!added) return std::unexpected(added.error());
    return {};
}

}  // namespace kurabe::server
