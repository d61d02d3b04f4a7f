// Bytes as the answers of a device that says anything: two polls of it, with what is remembered in
// between.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "collectors/snmp/interview.hpp"
#include "store/sample.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;
using namespace kurabe::collectors::snmp;

namespace {

constexpr store::Time kNow{store::Seconds{1795344360}};
constexpr int kAnswersMax = 200;

// Takes numbers and texts from the bytes; zeros when there are no more.
class Bytes {
  public:
    explicit Bytes(std::string_view rest) : rest_(rest) {}

    [[nodiscard]] bool is_empty() const { return rest_.empty(); }
    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const auto value = static_cast<std::uint8_t>(rest_[0]);
        rest_.remove_prefix(1);
        return value;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (int bytes = byte() % 9; bytes > 0; --bytes) value = value << 8 | byte();
        return value;
    }
    std::string text() {
        const std::string_view text = rest_.substr(0, byte() % 40);
        rest_.remove_prefix(std::min(rest_.size(), text.size()));
        return std::string(text);
    }
    Oid oid() {
        Oid oid;
        for (int numbers = byte() % 6; numbers > 0; --numbers) oid.push_back(number());
        return oid;
    }

  private:
    std::string_view rest_;
};

struct Owned {
    Oid name;
    Kind kind;
    std::uint64_t number;
    std::string text;
    Oid oid;
};

// Mostly what was asked for, or below it, so that a poll comes further.
Owned answer_to(OidView name, Bytes& bytes) {
    Owned owned{.name = Oid(name.begin(), name.end()),
                .kind = static_cast<Kind>(bytes.byte() % 10),
                .number = bytes.number(),
                .text = bytes.text(),
                .oid = {}};
    switch (bytes.byte() % 8) {
        case 0:
            owned.name = bytes.oid();
            break;
        case 1:
            owned.name.push_back(bytes.number());
            break;
        case 2:
            owned.name.push_back(1);
            break;
        case 3:
            ++owned.name.back();
            break;
        default:
            break;
    }
    if (owned.kind == Kind::kOid) {
        owned.oid = {1, 3, 6, 1, 2, 1, 25, 2, 1, bytes.byte() % 6u};
    }
    return owned;
}

// Whether the poll goes on.
bool answer(Interview& interview, const Request& request, Bytes& bytes) {
    const std::uint8_t how = bytes.byte();
    const std::size_t rows = request.way == Request::Way::kBulk ? 1 + how % 4u : 1;
    std::vector<Owned> owned;
    for (std::size_t row = 0; row < rows; ++row) {
        for (const OidView name : request.names) owned.push_back(answer_to(name, bytes));
    }
    if (how % 16 == 7) owned.resize(owned.size() / 2, {});
    std::vector<Binding> bindings;
    for (const Owned& one : owned) {
        bindings.push_back({one.name, one.kind, one.number, one.text, one.oid});
    }
    const auto status =
        how % 8 == 5 ? static_cast<ErrorStatus>(bytes.byte() % 5) : ErrorStatus::kNone;
    return interview
        .take({.status = status,
               .status_number = static_cast<long>(status),
               .error_index = bytes.byte(),
               .bindings = bindings},
              Interview::Time{}, kNow)
        .has_value();
}

std::shared_ptr<const OidPlugin> own_plugin() {
    return std::make_shared<const OidPlugin>(
        OidPlugin{.name = "own",
                  .metrics = {{.key = "a", .oid = {1, 3, 6, 1, 4, 1, 9, 1, 0}}},
                  .meta = {{.key = "b", .oid = {1, 3, 6, 1, 4, 1, 9, 2, 0}}},
                  .tables = {{.list = "c",
                              .name = {1, 3, 6, 1, 4, 1, 9, 3, 1},
                              .columns = {{.key = "d-",
                                           .key_end = "-e",
                                           .is_counter = true,
                                           .oid = {1, 3, 6, 1, 4, 1, 9, 3, 2}}}}}});
}

void check(const collectors::Report& report) {
    for (const auto& sample : report.batch.samples) {
        tests::require(store::check_key(sample.key).has_value());
    }
    for (const auto& meta : report.meta) {
        tests::require(meta.value.find_first_of("\n\t") == std::string::npos);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes bytes(tests::text_of(data, size));
    DeviceMemory memory;
    Wanted wanted = Wanted::everything();
    wanted.plugins.push_back(own_plugin());
    const Filters filters;
    for (int poll = 0; poll < 2; ++poll) {
        Interview interview(memory, wanted, filters);
        int answers = 0;
        while (const auto request = interview.next()) {
            tests::require(!request->names.empty());
            if (++answers > kAnswersMax) return 0;
            if (!answer(interview, *request, bytes)) return 0;
        }
        if (const auto report = interview.report("host", true)) check(*report);
    }
    return 0;
}
