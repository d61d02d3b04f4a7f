// Reads the paths of document 1 and nothing else of it.
#include "server/config_places.hpp"

#include <array>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "server/config.hpp"
#include "server/text_file.hpp"
#include "server/yaml.hpp"

namespace kurabe::server {
namespace {

namespace fs = std::filesystem;

// Without which a server does not follow its configuration.
struct FileKey {
    std::string_view mapping;
    std::string_view key;
};
constexpr std::array kFilesOfMappings{
    FileKey{"tls", "certificate"}, FileKey{"tls", "key"},      FileKey{"access", "users"},
    FileKey{"access", "tokens"},   FileKey{"ssh", "identity"}, FileKey{"snmp", "credentials"}};

class Places {
  public:
    explicit Places(const fs::path& file) : paths_{file} {
        std::error_code error;
        directory_ = fs::absolute(file, error).parent_path();
    }

    // One path, or a list of them.
    void add(const YamlNode* value) {
        if (value == nullptr) return;
        if (value->is(YamlNode::Kind::kScalar)) {
            paths_.push_back((directory_ / value->text).lexically_normal());
        }
        for (const YamlNode& item : value->items) add(&item);
    }
    [[nodiscard]] std::vector<fs::path> take() && { return std::move(paths_); }

  private:
    fs::path directory_;
    std::vector<fs::path> paths_;
};

}  // namespace

std::vector<fs::path> places_named_by(const fs::path& file) {
    Places places(file);
    const auto text = read_text_file(file, kConfigBytesMax);
    if (!text) return std::move(places).take();
    const auto documents = parse_yaml(*text, file.native());
    const YamlNode* const config =
        documents && !documents->empty() ? documents->front().find("config") : nullptr;
    if (config == nullptr) return std::move(places).take();
    places.add(config->find("rolls_dir"));
    places.add(config->find("metrics_plugin_dir"));
    for (const auto& [mapping, key] : kFilesOfMappings) {
        if (const YamlNode* const of = config->find(mapping)) places.add(of->find(key));
    }
    return std::move(places).take();
}

}  // namespace kurabe::server
