// By reading the configuration as the server does.
#include "cli/access_place.hpp"

#include "server/access/access_config.hpp"
#include "store/data_directory.hpp"

namespace kurabe::cli {

Result<AccessFiles> access_files(const ServerPlace& place) {
    const auto config = server::load_config(place.config);
    if (!config) return std::unexpected(config.error());
    return access_files(place, *config);
}

Result<AccessFiles> access_files(const ServerPlace& place, const server::Config& config) {
    const std::filesystem::path data = place.data.value_or(config.data_dir);
    if (!store::is_data_directory(data)) {
        return fail(ErrorCode::kInvalid, store::not_a_data_directory(data) +
                                             "; 'kurabe serve' makes it when it first starts");
    }
    return AccessFiles{config.access.tokens_file(data), server::signing_keys_file(data)};
}

}  // namespace kurabe::cli
