// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The manual that the build makes of the command: a page for it, and one for each word that it understands. */
class ManualTest {
    private static final Path MANUAL = Path.of("target/man");
    private static final CommandLine COMMAND = new CommandLine(new Main());

    private static String page(String name) throws IOException {
        return Files.readString(MANUAL.resolve(name + ".adoc"));
    }

    @Test
    void the_first_page_names_all_others_and_the_exit_codes() throws IOException {
        String page = page("holdfastctl");
        for (String word : COMMAND.getSubcommands().keySet()) {
            assertThat(page).contains("xref:holdfastctl-" + word + ".adoc");
        }
        for (String code : List.of("*0*::", "*1*::", "*2*::", "*3*::")) {
            assertThat(page).contains(code);
        }
    }

    @Test
    void every_option_is_on_the_page_of_its_word() throws IOException {
        for (CommandLine command : COMMAND.getSubcommands().values()) {
            String name = command.getCommandSpec().name();
            String page = page("holdfastctl-" + name);
            assertThat(page).contains("= holdfastctl-" + name + "(1)");
            command.getCommandSpec().options().stream()
                    .filter(option -> !option.hidden())
                    .forEach(option -> assertThat(page).contains("*" + option.longestName() + "*"));
        }
    }
}
