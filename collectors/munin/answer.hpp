// What a Munin plugin says: its `config`, its values, or both (dirtyconfig, spoolfetch).
// Rule: Munin's guide, "Plugin reference" and "Data exchange protocol"; compared with munin-node in
// tests/collectors/munin. Everything comes from outside: names are held to an alphabet, texts are
// data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/sample.hpp"
#include "store/types.hpp"

namespace kurabe::collectors::munin {

inline constexpr std::size_t kLineBytesMax = 4096;
inline constexpr std::size_t kServicesMax = 1000;         // of one answer
inline constexpr std::size_t kFieldsMax = 500;            // of one service
inline constexpr std::size_t kFieldsOfAnswerMax = 20000;  // of all of them
inline constexpr std::size_t kValuesMax = 150'000;        // of several times the oldest
inline constexpr std::size_t kComplaintsMax = 20;         // that are kept

// Attributes as they were given; what is absent is Munin's default.
struct Field {
    std::string name;  // letters, digits, '_' and '-'
    std::string label;
    std::string draw;
    std::string colour;
    std::string cdef;
    std::string negative;  // name of a field
    std::string sum;       // names of fields
    std::string line;      // VALUE[:COLOUR[:LABEL]]
    std::string warning;
    std::string critical;
    store::DsType type = store::DsType::kGauge;
    std::optional<double> min;
    std::optional<double> max;
    bool graph = true;
};

struct Service {
    std::string name;  // "cpu", of a multigraph "diskstats_iops.sda"; letters, digits and "._-"
    std::string title;
    std::string arguments;  // graph_args
    std::string vlabel;
    std::string category;
    std::string order;
    std::string period;
    std::string printf;
    std::string total;
    bool scale = true;
    bool graph = true;
    std::optional<store::Seconds> update_rate;
    std::vector<Field> fields;  // in their order

    [[nodiscard]] const Field* find(std::string_view field) const noexcept;
};

struct FieldValue {
    std::size_t service = 0;  // of Answer::services
    std::string field;
    std::string text;                            // "U", "12", "1.5e3"
    std::optional<store::SampleTime> time = {};  // when it was said with the value
};

struct Answer {
    std::vector<Service> services;  // those with an attribute or a value
    std::vector<FieldValue> values;
    std::string failure;                  // "Timed out" of a comment that says so; else empty
    std::vector<std::string> complaints;  // lines that say nothing, with reasons
    bool has_more = false;                // the newest of the values were left out
};

// Never fails: a wrong line is a complaint and harms no other. `service` is what was asked for; a
// line "multigraph NAME" begins another. `text` ends before the line ".". Each line is
// looked for among the fields of its service.
[[nodiscard]] Answer read_answer(std::string_view text, std::string_view service);

// The same of a text that comes in parts, each of whole lines.
class AnswerReader {
  public:
    explicit AnswerReader(std::string_view service, std::size_t values_max = kValuesMax)
        : values_max_(values_max), service_name_(service) {}

    void read(std::string_view lines);
    [[nodiscard]] bool has_values() const noexcept { return !answer_.values.empty(); }
    // What all parts said. The reader is of no more use.
    [[nodiscard]] Answer finish();

  private:
    void take(std::string_view line);
    void take_comment(std::string_view comment);
    void begin_service(std::string_view name);
    void take_attribute(std::string_view name, std::string_view value);
    void take_of_field(std::string_view field, std::string_view attribute, std::string_view value);
    void take_value(const Field& field, std::string_view value);
    // Those of values that are over the limit are left out, the newest.
    void keep_oldest();
    void set(Field& field, std::string_view attribute, std::string_view value);
    // Null when there is no room for one more.
    [[nodiscard]] Service* service();
    [[nodiscard]] Field* field(Service& service, std::string_view name);
    void complain(std::string_view what, std::string_view of);

    std::size_t values_max_;
    Answer answer_;
    std::string service_name_;
    std::optional<std::size_t> service_;         // that service_name_ names, when it was looked for
    std::map<std::string, std::size_t> places_;  // of answer_.services
    std::size_t fields_ = 0;
    std::optional<store::SampleTime> left_out_from_;
};

// The values of an answer to `fetch`, as values of the services that `config` told: those of
// services that it did not tell are left out.
[[nodiscard]] Answer with_services(Answer values, std::vector<Service> services);

// Whether munin-nodes may call a service so: it becomes part of keys of series and of requests.
[[nodiscard]] bool is_service_name(std::string_view name) noexcept;

// The key of a field's series: "cpu.user.derive".
[[nodiscard]] std::string series_key(const Service& service, const Field& field);

// As the store takes it. Counters with decimals or exponents lose what is behind the point.
[[nodiscard]] Result<store::RawValue> raw_value(std::string_view text, store::DsType type);

}  // namespace kurabe::collectors::munin
