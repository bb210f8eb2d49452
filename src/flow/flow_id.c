/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/flow_id.h"

#include "base/siphash.h"

/* Public on purpose: an id is a name, not a defence. */
static const struct siphash_key id_key = {
    .words = {UINT64_C(0x706f727473636f70), UINT64_C(0x65666c6f77696431)}};

uint64_t flow_id_of(const struct flow_key *key, int64_t first_ns, bool initiator_is_low)
{
    const struct {
        struct flow_key key;
        int64_t first_ns;
        uint64_t initiator_is_low;
    } name = {*key, first_ns, initiator_is_low};
    _Static_assert(sizeof name == sizeof *key + 16,
                   "hidden padding would not be the same each run");

    uint64_t id = siphash(&id_key, &name, sizeof name) & ((UINT64_C(1) << 53) - 1);
    return id != 0 ? id : 1;
}
