// What is said of hosts that fail.
#include "collectors/rounds.hpp"

#include <string>

#include "collectors/report_builder.hpp"

namespace kurabe::collectors {

Report failure_report(std::string_view way, std::string_view host, std::string_view reason,
                      store::Time now, std::string_view plugin) {
    ReportBuilder builder(host, plugin, now);
    builder.warn(way, std::string(reason));
    Report report = builder.take();
    report.is_sign_of_life = false;
    return report;
}

}  // namespace kurabe::collectors
