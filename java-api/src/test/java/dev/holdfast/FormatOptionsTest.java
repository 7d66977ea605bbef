// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FormatOptionsTest {
    private static final UUID IDENTITY = UUID.fromString("12345678-9abc-def0-1234-56789abcdef0");

    @Test
    void changesOneThingAtATime() {
        FormatOptions options = FormatOptions.defaults()
                .withLabel("guests")
                .withUuid(IDENTITY)
                .withRecordSlots(2048)
                .overwriting()
                .forOldModules();

        assertThat(options).isEqualTo(new FormatOptions("guests", Optional.of(IDENTITY), 2048, true, true));
        assertThat(FormatOptions.defaults().overwrite()).isFalse();
    }

    @Test
    void limitsTheLabelInBytes() {
        assertThat(FormatOptions.defaults().withLabel("\u00e4".repeat(15) + "a").label())
                .hasSize(16);
        assertThatThrownBy(() -> FormatOptions.defaults().withLabel("\u00e4".repeat(16)))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("the label has 32 bytes");
    }

    @Test
    void refusesALabelWithNul() {
        assertThatThrownBy(() -> FormatOptions.defaults().withLabel("a\0"))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("the label contains NUL");
    }

    @Test
    void refusesTheUuidThatStandsForNone() {
        assertThatThrownBy(() -> FormatOptions.defaults().withUuid(new UUID(0, 0)))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("a UUID of zeros is none");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 1023, 4_194_305})
    void refusesANumberOfRecordsOutOfItsLimits(int slots) {
        assertThatThrownBy(() -> FormatOptions.defaults().withRecordSlots(slots))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("choose 0, or 1024 to 4194304");
    }
}
