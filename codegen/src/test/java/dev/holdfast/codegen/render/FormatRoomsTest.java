// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rooms of the module that know the format, compiled in user space with sanitizers. */
class FormatRoomsTest {
    @Test
    void theRoomsThatKnowTheFormatPassTheirTestInUserSpace(@TempDir Path folder) throws Exception {
        FormatRooms rooms = FormatRooms.in(folder);
        rooms.compile(
                "test", List.of("gcc", "-O1", "-fsanitize=address,undefined"), "format_test.c", "format_env_user.c");

        String said = rooms.run(List.of("./test"));

        assertThat(said).matches("format rooms: [1-9][0-9]{4,} checks passed\n");
    }
}
