// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MachineStateTest {
    private static MachineState state() {
        MachineState state = new MachineState();
        state.put("one", new byte[] {1, 2, 3});
        state.put("nothing", new byte[0]);
        return state;
    }

    @Test
    void what_was_written_is_read() {
        MachineState read = MachineState.of(state().toBytes());

        assertThat(read.get("one")).containsExactly(1, 2, 3);
        assertThat(read.get("nothing")).isEmpty();
        assertThat(read.toBytes()).isEqualTo(state().toBytes());
    }

    @Test
    void a_state_that_ends_anywhere_too_early_or_too_late_is_refused() {
        byte[] whole = state().toBytes();

        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> MachineState.of(part))
                    .as("%d bytes", length)
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("too early");
        }
        assertThatThrownBy(() -> MachineState.of(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(MachineException.class)
                .hasMessage("the saved state has 1 bytes too many");
    }

    @Test
    void what_is_no_state_or_of_another_version_is_refused() {
        byte[] other = state().toBytes();
        other[0]++;
        byte[] newer = state().toBytes();
        newer[7]++;

        assertThatThrownBy(() -> MachineState.of(other)).hasMessageContaining("not the saved state of a machine");
        assertThatThrownBy(() -> MachineState.of(newer)).hasMessageContaining("has version 3, this hypervisor reads 2");
        assertThatThrownBy(() -> state().get("two")).hasMessageContaining("has no two");
    }
}
