// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vm.Boot;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BootTimeTest {

    private static final Map<String, Long> STAGES =
            Map.of("init", 2000L, "modules-loaded", 2300L, "root-mounted", 2400L, "hello", 4000L);

    @Test
    void all_time_is_somebodys_and_ours_starts_with_init() {
        BootTime time = BootTime.of(boot(STAGES), 800, 4100);

        assertThat(time).isEqualTo(new BootTime(800, 2200, 300, 100, 1600, 100));
        assertThat(time.ours()).isEqualTo(4100 - 2000);
        assertThat(time.total()).isEqualTo(3000 + time.ours());
        assertThat(time.percentOurs()).isEqualTo(41);
    }

    @Test
    void a_stage_that_init_did_not_tell_is_named() {
        assertThatThrownBy(() -> BootTime.of(boot(Map.of("init", 2000L)), 800, 4100))
                .hasMessageStartingWith("no stage modules-loaded in ");
    }

    private static Boot boot(Map<String, Long> stages) {
        return new Boot("6.1", "", 3000, 5100, stages, 0);
    }
}
