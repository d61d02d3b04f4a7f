// What the definitions of an .rrd file mean for updates, decoded once for all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "store/cdp.hpp"
#include "store/data_source.hpp"
#include "store/result.hpp"
#include "store/rrd/compute_program.hpp"
#include "store/rrd/header.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

struct UpdatePlan {
    struct Source {
        DataSource source;
        ComputeProgram program;  // of a COMPUTE
    };
    struct Rra {
        RraCf cf;
        std::uint64_t rows;
        Consolidation rule;   // of an RRA that consolidates; the others have one PDP per row
        std::size_t partner;  // the RRA that one of the Holt-Winters family depends on
    };

    Seconds step{1};
    std::vector<Source> sources;
    std::vector<Rra> rras;
    bool has_holt_winters = false;

    // kDamaged when a program cannot be read.
    [[nodiscard]] static Result<UpdatePlan> of(const Header& header);
};

}  // namespace kurabe::store::rrd
