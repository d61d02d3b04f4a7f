// Finds out which of the wanted things a device has: interfaces, disks, what it tells of its
// processor and memory. The rules by which base metrics are made of MIBs are here.
// Rule: docs/collectors.md, "SNMP"; the metrics are those of collectors/local.hpp.
#pragma once

#include <memory>
#include <vector>

#include "collectors/snmp/filter.hpp"
#include "collectors/snmp/oid_plugin.hpp"
#include "collectors/snmp/plan.hpp"
#include "collectors/snmp/value.hpp"
#include "collectors/snmp/walk.hpp"

namespace kurabe::collectors::snmp {

// What is collected of a device: parts of the base metrics, and plugins.
struct Wanted {
    bool interfaces = false;                                     // IF-MIB
    bool host_resources = false;                                 // HOST-RESOURCES-MIB
    bool ucd = false;                                            // UCD-SNMP-MIB, UCD-DISKIO-MIB
    std::vector<std::shared_ptr<const OidPlugin>> plugins = {};  // beside them

    // Of base.
    [[nodiscard]] static Wanted everything() { return {true, true, true, {}}; }
    [[nodiscard]] bool has_base() const noexcept { return interfaces || host_resources || ucd; }
};

struct Filters {
    Filter interfaces = {};
    Filter disks = {};  // by device or by mount point
};

// What a device is asked for to find that out.
struct Questions {
    std::vector<Instance> scalars;  // those that it has are asked for at every poll
    std::vector<Oid> columns;
};

[[nodiscard]] Questions questions_for(const Wanted& wanted);

// The columns of a walk, found by their names. The references must outlive it.
class Tables {
  public:
    Tables(const std::vector<Oid>& names, const std::vector<Column>& columns)
        : names_(names), columns_(columns) {}

    // Empty when it was not asked for.
    [[nodiscard]] const Column& column(OidView entry, OidNumber number) const;
    [[nodiscard]] const Column& column(OidView name) const;

  private:
    const std::vector<Oid>& names_;
    const std::vector<Column>& columns_;
    Column nothing_;
};

// `scalars` are the questions' with `values` beside them.
[[nodiscard]] Plan make_plan(const Wanted& wanted, const Filters& filters,
                             std::span<const Instance> scalars, std::span<const Value> values,
                             const Tables& tables);

}  // namespace kurabe::collectors::snmp
