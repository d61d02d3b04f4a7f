// Metadata in one SQLite file: prepared statements behind one lock, one transaction per call.
#include "server/metadata.hpp"

#include <array>
#include <map>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "collectors/plugin_text.hpp"
#include "server/meta_room.hpp"
#include "server/remembered_meta.hpp"
#include "server/sqlite_handles.hpp"
#include "store/epoch.hpp"
#include "store/utf8.hpp"

namespace kurabe::server {
namespace {

namespace fs = std::filesystem;

constexpr int kSchemaVersion = 1;
constexpr std::size_t kHostMetaBytesMax = 64 << 20;  // of all its plugins together

// Times are seconds since 1970. A warning lives kWarningLifetime from `received` on: one that lives
// longer is kept as received later. `heard` keeps who reported last, for good.
constexpr const char* kSchema = R"sql(
    CREATE TABLE schema (version INTEGER NOT NULL) STRICT;
    CREATE TABLE meta (
        host TEXT NOT NULL, plugin TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (host, plugin, key)) STRICT, WITHOUT ROWID;
    CREATE TABLE warning (
        host TEXT NOT NULL, plugin TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL,
        received INTEGER NOT NULL,
        PRIMARY KEY (host, plugin, key)) STRICT, WITHOUT ROWID;
    CREATE TABLE heard (
        host TEXT NOT NULL, plugin TEXT NOT NULL, received INTEGER NOT NULL,
        PRIMARY KEY (host, plugin)) STRICT, WITHOUT ROWID;
    INSERT INTO schema VALUES (1);
)sql";
static_assert(kSchemaVersion == 1, "the schema ends with its version");

enum class Query : std::size_t {
    kBegin,
    kCommit,
    kRollback,
    kPutMeta,
    kPutWarning,
    kPutHeard,
    kOneMeta,
    kMetaSize,
    kHostSize,
    kCountHeard,
    kDropWarnings,
    kDropPluginWarnings,
    kDropWarning,
    kReaders,  // those from here on are all that a reader prepares
    kMeta = kReaders,
    kWarnings,
    kAllWarnings,
    kHeard,
    kHeardLast,
    kCount,
};

constexpr std::array<const char*, static_cast<std::size_t>(Query::kCount)> kQueries{
    "BEGIN IMMEDIATE",
    "COMMIT",
    "ROLLBACK",
    "INSERT INTO meta VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET value = excluded.value"
    " WHERE value <> excluded.value",
    "INSERT INTO warning VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT DO UPDATE SET text = excluded.text, received = excluded.received",
    "INSERT INTO heard VALUES (?1, ?2, ?3)"
    " ON CONFLICT DO UPDATE SET received = max(received, excluded.received)",
    "SELECT value FROM meta WHERE host = ?1 AND plugin = ?2 AND key = ?3",
    "SELECT count(*), sum(length(CAST(key AS BLOB)) + length(CAST(value AS BLOB))) FROM meta"
    " WHERE host = ?1 AND plugin = ?2",
    "SELECT sum(length(CAST(key AS BLOB)) + length(CAST(value AS BLOB))) FROM meta WHERE host = ?1",
    "SELECT count(*) FROM heard WHERE host = ?1",
    "DELETE FROM warning WHERE host = ?1 AND received <= ?2",
    "DELETE FROM warning WHERE host = ?1 AND plugin = ?2",
    "DELETE FROM warning WHERE host = ?1 AND plugin = ?2 AND key = ?3",
    "SELECT key, value FROM meta WHERE host = ?1 AND plugin = ?2",
    "SELECT key, text FROM warning WHERE host = ?1 AND plugin = ?2 AND received > ?3 ORDER BY key",
    "SELECT plugin, key, text FROM warning WHERE host = ?1 AND received > ?2 ORDER BY plugin, key",
    "SELECT received FROM heard WHERE host = ?1 AND plugin = ?2",
    "SELECT received FROM heard ORDER BY received DESC LIMIT 1",
};

// A path within a "file:" URI.
std::string uri_path(std::string_view path) {
    std::string escaped;
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') {
            escaped += fmt::format("%{:02X}", static_cast<unsigned>(c));
        } else {
            escaped += c;
        }
    }
    return escaped;
}

std::string too_long(std::size_t bytes) {
    return fmt::format("the definition has {} bytes, more than the {} that are kept", bytes,
                       collectors::kDefinitionBytesMax);
}

Result<std::optional<store::Time>> first_time(Run& rows) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    return store::Time(store::Seconds(rows.number(0)));
}

}  // namespace

struct Metadata::Parts {
    fs::path file;
    // The lock owns all below it. A reader of an absent file has no database.
    std::mutex mutex;
    Database database;
    std::array<Statement, static_cast<std::size_t>(Query::kCount)> statements;
    RememberedMeta remembered;  // of one that may write: nobody else does

    [[nodiscard]] bool may_write() const {
        return statements[static_cast<std::size_t>(Query::kBegin)] != nullptr;
    }
    [[nodiscard]] Error error() const { return error_of(database.get(), file); }
    [[nodiscard]] Run run(Query query) {
        return {statements[static_cast<std::size_t>(query)].get(), database.get(), file};
    }
    [[nodiscard]] Result<void> execute(const char* sql);
    // None when the statement has no row.
    [[nodiscard]] Result<std::optional<std::string>> first_text(const char* sql);

    [[nodiscard]] Result<void> connect(const std::string& name, int flags);
    [[nodiscard]] Result<void> open_to_write();
    [[nodiscard]] Result<void> open_to_read();
    // Whether there is a schema.
    [[nodiscard]] Result<bool> connect_to_read();
    // Whether the file holds our tables at all; kUnsupported when they are a later program's.
    [[nodiscard]] Result<bool> has_schema();
    [[nodiscard]] Result<void> prepare(Query first);

    [[nodiscard]] Result<MetaMap> read_meta(std::string_view host, std::string_view plugin);
    [[nodiscard]] Result<RefusedMeta> put(const collectors::Report& report, std::int64_t received,
                                          store::Seconds lifetime_min);
    // None when there is room for it, else why there is not.
    [[nodiscard]] Result<std::optional<std::string>> put_meta(std::string_view host,
                                                              const collectors::Meta& meta,
                                                              MetaSizes& sizes);
    // Until `sizes` goes.
    // Of all the host's meta; summed up once for `sizes`.
    [[nodiscard]] Result<std::size_t> host_bytes(std::string_view host, MetaSizes& sizes);
    [[nodiscard]] Result<MetaSize*> size_of(std::string_view host, std::string_view plugin,
                                            MetaSizes& sizes);
    [[nodiscard]] Result<void> put_warning(std::string_view host,
                                           const collectors::Warning& warning,
                                           store::Seconds lifetime, std::int64_t received);
    [[nodiscard]] Result<void> end_warnings(const collectors::Report& report,
                                            std::int64_t received);
};

Result<void> Metadata::Parts::execute(const char* sql) {
    return server::execute(database.get(), sql, file);
}

Result<std::optional<std::string>> Metadata::Parts::first_text(const char* sql) {
    const auto statement = server::prepare(database.get(), sql, 0, file);
    if (!statement) return std::unexpected(statement.error());
    Run once(statement->get(), database.get(), file);
    const auto row = once.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    return once.text(0);
}

Result<void> Metadata::Parts::connect(const std::string& name, int flags) {
    return server::connect(name, flags, file, database);
}

Result<bool> Metadata::Parts::has_schema() {
    const auto table =
        first_text("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'schema'");
    if (!table) return std::unexpected(table.error());
    if (!table->has_value()) return false;
    const auto version = first_text("SELECT version FROM schema");
    if (!version) return std::unexpected(version.error());
    if (*version != std::to_string(kSchemaVersion)) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("{}: has schema version {}, this program knows {}", file.native(),
                                version->value_or("none"), kSchemaVersion));
    }
    return true;
}

Result<void> Metadata::Parts::open_to_write() {
    if (auto opened = connect(file.native(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE); !opened) {
        return opened;
    }
    for (const char* const pragma :
         {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "BEGIN IMMEDIATE"}) {
        if (auto set = execute(pragma); !set) return set;
    }
    const auto ready = has_schema();
    if (!ready) return std::unexpected(ready.error());
    if (!*ready) {
        if (auto created = execute(kSchema); !created) return created;
    }
    if (auto committed = execute("COMMIT"); !committed) return committed;
    const auto check = first_text("PRAGMA quick_check(1)");
    if (!check) return std::unexpected(check.error());
    if (*check != "ok") {
        return fail(ErrorCode::kDamaged,
                    fmt::format("{}: is damaged; move it away and start again, reports fill a new "
                                "one",
                                file.native()));
    }
    return prepare(Query::kBegin);
}

// A file in WAL mode needs a writable place even to be read, unless it is declared immutable.
Result<bool> Metadata::Parts::connect_to_read() {
    if (auto opened = connect(file.native(), SQLITE_OPEN_READONLY); !opened) {
        return std::unexpected(opened.error());
    }
    auto ready = has_schema();
    const int code = sqlite3_errcode(database.get()) & 0xFF;
    if (!ready && (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)) {
        const std::string uri = fmt::format("file:{}?immutable=1", uri_path(file.native()));
        if (auto opened = connect(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI); !opened) {
            return std::unexpected(opened.error());
        }
        ready = has_schema();
    }
    return ready;
}

Result<void> Metadata::Parts::open_to_read() {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (status.type() == fs::file_type::not_found) return {};
    const auto ready = connect_to_read();
    if (!ready) return std::unexpected(ready.error());
    if (!*ready) {
        database.reset();
        return {};
    }
    return prepare(Query::kReaders);
}

Result<void> Metadata::Parts::prepare(Query first) {
    for (auto index = static_cast<std::size_t>(first); index < kQueries.size(); ++index) {
        auto statement =
            server::prepare(database.get(), kQueries[index], SQLITE_PREPARE_PERSISTENT, file);
        if (!statement) return std::unexpected(statement.error());
        statements[index] = *std::move(statement);
    }
    return {};
}

Result<MetaMap> Metadata::Parts::read_meta(std::string_view host, std::string_view plugin) {
    MetaMap map;
    if (database == nullptr) return map;
    Run rows = run(Query::kMeta);
    rows.bind(host).bind(plugin);
    while (true) {
        const auto row = rows.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return map;
        map.insert_or_assign(rows.text(0), rows.text(1));
    }
}

Result<void> Metadata::Parts::put_warning(std::string_view host, const collectors::Warning& warning,
                                          store::Seconds lifetime, std::int64_t received) {
    return run(Query::kPutWarning)
        .bind(host)
        .bind(warning.plugin)
        .bind(warning.key)
        .bind(store::utf8_prefix(warning.text, kMetaValueBytesMax))
        .bind(received + (lifetime - collectors::kWarningLifetime).count())
        .finish();
}

Result<std::size_t> Metadata::Parts::host_bytes(std::string_view host, MetaSizes& sizes) {
    if (sizes.host_bytes) return *sizes.host_bytes;
    Run sum = run(Query::kHostSize);
    if (const auto row = sum.bind(host).step(); !row) return std::unexpected(row.error());
    sizes.host_bytes = static_cast<std::size_t>(sum.number(0));
    return *sizes.host_bytes;
}

Result<MetaSize*> Metadata::Parts::size_of(std::string_view host, std::string_view plugin,
                                           MetaSizes& sizes) {
    const auto [place, is_new] = sizes.plugins.try_emplace(plugin);
    MetaSize& size = place->second;
    if (!is_new) return &size;
    Run sums = run(Query::kMetaSize);
    if (const auto row = sums.bind(host).bind(plugin).step(); !row) {
        return std::unexpected(row.error());
    }
    size.keys = static_cast<std::size_t>(sums.number(0));
    size.bytes = static_cast<std::size_t>(sums.number(1));
    if (size.keys > 0) return &size;
    const auto heard = run(Query::kHeard).bind(host).bind(plugin).step();
    if (!heard) return std::unexpected(heard.error());
    if (*heard) return &size;
    Run count = run(Query::kCountHeard);
    if (const auto row = count.bind(host).step(); !row) return std::unexpected(row.error());
    const std::size_t there = static_cast<std::size_t>(count.number(0)) + sizes.begun;
    size.may_begin = there < kMetaPluginsMax;
    if (size.may_begin) ++sizes.begun;
    return &size;
}

// Most of what comes is there already and costs one look.
Result<std::optional<std::string>> Metadata::Parts::put_meta(std::string_view host,
                                                             const collectors::Meta& meta,
                                                             MetaSizes& sizes) {
    const std::string_view value = collectors::is_definition_meta(meta.key)
                                       ? std::string_view(meta.value)
                                       : store::utf8_prefix(meta.value, kMetaValueBytesMax);
    std::optional<std::string> before;
    {
        Run look = run(Query::kOneMeta);
        const auto row = look.bind(host).bind(meta.plugin).bind(meta.key).step();
        if (!row) return std::unexpected(row.error());
        if (*row) before = look.text(0);
    }
    if (before == value) return std::nullopt;
    const auto size = size_of(host, meta.plugin, sizes);
    if (!size) return std::unexpected(size.error());
    MetaSize after = **size;
    const std::size_t old_bytes = before ? meta.key.size() + before->size() : 0;
    const std::size_t new_bytes = meta.key.size() + value.size();
    after.keys += before ? 0 : 1;
    after.bytes = after.bytes + new_bytes - old_bytes;
    if (new_bytes > old_bytes) {
        if (auto reason = want_of_room(after)) return reason;
        const auto host_size = host_bytes(host, sizes);
        if (!host_size) return std::unexpected(host_size.error());
        if (*host_size + new_bytes - old_bytes > kHostMetaBytesMax) {
            return fmt::format("the host's meta would be over {} bytes", kHostMetaBytesMax);
        }
    }
    **size = after;
    if (sizes.host_bytes) *sizes.host_bytes = *sizes.host_bytes + new_bytes - old_bytes;
    remembered.forget(host, meta.plugin);
    auto put =
        run(Query::kPutMeta).bind(host).bind(meta.plugin).bind(meta.key).bind(value).finish();
    if (!put) return std::unexpected(put.error());
    return std::nullopt;
}

Result<void> Metadata::Parts::end_warnings(const collectors::Report& report,
                                           std::int64_t received) {
    const std::string& host = report.batch.host;
    const std::int64_t oldest = received - collectors::kWarningLifetime.count();
    if (auto drop = run(Query::kDropWarnings).bind(host).bind(oldest).finish(); !drop) return drop;
    if (report.ends_other_warnings) {
        return run(Query::kDropPluginWarnings).bind(host).bind(report.plugin).finish();
    }
    for (const std::string& key : report.ended_warnings) {
        auto drop = run(Query::kDropWarning).bind(host).bind(report.plugin).bind(key).finish();
        if (!drop) return drop;
    }
    return {};
}

Result<RefusedMeta> Metadata::Parts::put(const collectors::Report& report, std::int64_t received,
                                         store::Seconds lifetime_min) {
    const std::string& host = report.batch.host;
    RefusedMeta refused;
    MetaSizes sizes;
    std::set<std::string_view> plugins;
    if (!report.plugin.empty()) plugins.insert(report.plugin);
    for (const store::Sample& sample : report.batch.samples) plugins.insert(sample.plugin);
    std::vector<collectors::Warning> warnings = report.warnings;
    for (const collectors::Meta& meta : report.meta) {
        if (collectors::is_definition_meta(meta.key) &&
            meta.value.size() > collectors::kDefinitionBytesMax) {
            warnings.push_back({meta.plugin, meta.key, too_long(meta.value.size())});
            plugins.insert(meta.plugin);
            continue;
        }
        auto reason = put_meta(host, meta, sizes);
        if (!reason) return std::unexpected(std::move(reason).error());
        if (!*reason) {
            plugins.insert(meta.plugin);
        } else if (++refused.count == 1) {
            refused.reason = fmt::format("{}/{}: {}", host, meta.plugin, **reason);
        }
    }
    if (auto ended = end_warnings(report, received); !ended) {
        return std::unexpected(std::move(ended).error());
    }
    for (const collectors::Warning& warning : warnings) {
        plugins.insert(warning.plugin);
        const store::Seconds lifetime = std::max(warning.lifetime, lifetime_min);
        if (auto put = put_warning(host, warning, lifetime, received); !put) {
            return std::unexpected(std::move(put).error());
        }
    }
    if (!report.is_sign_of_life) return refused;
    for (const std::string_view plugin : plugins) {
        auto put = run(Query::kPutHeard).bind(host).bind(plugin).bind(received).finish();
        if (!put) return std::unexpected(std::move(put).error());
    }
    return refused;
}

Metadata::Metadata(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Metadata::~Metadata() = default;

Result<std::unique_ptr<Metadata>> Metadata::open(const fs::path& file, Access access) {
    auto parts = std::make_unique<Parts>();
    parts->file = file;
    auto opened = access == Access::kWrite ? parts->open_to_write() : parts->open_to_read();
    if (!opened) return std::unexpected(std::move(opened).error());
    return std::unique_ptr<Metadata>(new Metadata(std::move(parts)));
}

Result<void> Metadata::copy(const fs::path& from, const fs::path& to) {
    Parts source;
    source.file = from;
    if (const auto ready = source.connect_to_read(); !ready) return std::unexpected(ready.error());
    Parts target;
    target.file = to;
    const int create = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (auto opened = target.connect(to.native(), create); !opened) return opened;
    sqlite3_backup* const backup =
        sqlite3_backup_init(target.database.get(), "main", source.database.get(), "main");
    if (backup == nullptr) return std::unexpected(target.error());
    constexpr int kAllPages = -1;
    const int stepped = sqlite3_backup_step(backup, kAllPages);
    if (sqlite3_backup_finish(backup) != SQLITE_OK) return std::unexpected(target.error());
    if (stepped == SQLITE_DONE) return {};
    return fail(ErrorCode::kSystem,
                fmt::format("{}: cannot be copied: {}", from.native(), sqlite3_errstr(stepped)));
}

Result<RefusedMeta> Metadata::store(const collectors::Report& report, store::Time received,
                                    store::Seconds lifetime_min) {
    const std::lock_guard lock(parts_->mutex);
    if (!parts_->may_write()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}: was opened to be read only", parts_->file.native()));
    }
    if (auto begun = parts_->run(Query::kBegin).finish(); !begun) {
        return std::unexpected(std::move(begun).error());
    }
    auto done = parts_->put(report, store::epoch_seconds(received), lifetime_min);
    if (done) {
        auto committed = parts_->run(Query::kCommit).finish();
        if (!committed) done = std::unexpected(std::move(committed).error());
    }
    // What made the transaction fail is what the caller has to know, not how undoing it went.
    if (!done) static_cast<void>(parts_->run(Query::kRollback).finish());
    return done;
}

Result<MetaMap> Metadata::meta(std::string_view host, std::string_view plugin) const {
    const std::lock_guard lock(parts_->mutex);
    if (const MetaMap* known = parts_->remembered.find(host, plugin)) return *known;
    auto meta = parts_->read_meta(host, plugin);
    if (meta && parts_->may_write()) parts_->remembered.keep(host, plugin, *meta);
    return meta;
}

Result<std::vector<collectors::Warning>> Metadata::warnings(std::string_view host,
                                                            store::Time now) const {
    const std::lock_guard lock(parts_->mutex);
    std::vector<collectors::Warning> warnings;
    if (parts_->database == nullptr) return warnings;
    Run rows = parts_->run(Query::kAllWarnings);
    rows.bind(host).bind(store::epoch_seconds(now - collectors::kWarningLifetime));
    while (true) {
        const auto row = rows.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return warnings;
        warnings.push_back({rows.text(0), rows.text(1), rows.text(2)});
    }
}

Result<std::vector<collectors::Warning>> Metadata::warnings(std::string_view host,
                                                            std::string_view plugin,
                                                            store::Time now) const {
    const std::lock_guard lock(parts_->mutex);
    std::vector<collectors::Warning> warnings;
    if (parts_->database == nullptr) return warnings;
    Run rows = parts_->run(Query::kWarnings);
    rows.bind(host).bind(plugin).bind(store::epoch_seconds(now - collectors::kWarningLifetime));
    while (true) {
        const auto row = rows.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return warnings;
        warnings.push_back({std::string(plugin), rows.text(0), rows.text(1)});
    }
}

Result<std::optional<store::Time>> Metadata::last_received(std::string_view host,
                                                           std::string_view plugin) const {
    const std::lock_guard lock(parts_->mutex);
    if (parts_->database == nullptr) return std::nullopt;
    Run rows = parts_->run(Query::kHeard);
    return first_time(rows.bind(host).bind(plugin));
}

Result<std::optional<store::Time>> Metadata::last_received() const {
    const std::lock_guard lock(parts_->mutex);
    if (parts_->database == nullptr) return std::nullopt;
    Run rows = parts_->run(Query::kHeardLast);
    return first_time(rows);
}

}  // namespace kurabe::server
