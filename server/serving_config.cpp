// Reads `tls` and `access_log`.
#include "server/serving_config.hpp"

#include <iterator>
#include <utility>

namespace kurabe::server {
namespace {

Result<std::optional<TlsFiles>> read_tls(YamlMapping& config, const ResolvePath& resolve,
                                         std::vector<std::string>& warnings) {
    constexpr std::string_view kBoth =
        "'tls' names the files 'certificate' and 'key', both in PEM form";
    const auto node = config.mapping("tls");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return std::nullopt;
    auto tls = YamlMapping::of(**node, "'tls'");
    const auto certificate = tls->required_text("certificate", kBoth);
    if (!certificate) return std::unexpected(certificate.error());
    const auto key = tls->required_text("key", kBoth);
    if (!key) return std::unexpected(key.error());
    auto unknown = tls->unknown_keys();
    std::move(unknown.begin(), unknown.end(), std::back_inserter(warnings));
    return TlsFiles{.certificate = resolve(*certificate), .key = resolve(*key)};
}

}  // namespace

Result<ServingConfig> read_serving_config(YamlMapping& config, const ResolvePath& resolve,
                                          std::vector<std::string>& warnings) {
    ServingConfig serving;
    auto tls = read_tls(config, resolve, warnings);
    if (!tls) return std::unexpected(tls.error());
    serving.tls = *std::move(tls);
    const auto log = config.text("access_log");
    if (!log) return std::unexpected(log.error());
    if (log->has_value()) {
        serving.access_log =
            **log == kStandardOutput ? std::filesystem::path(**log) : resolve(**log);
    }
    return serving;
}

}  // namespace kurabe::server
