// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import dev.holdfast.codegen.Tool;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What {@code --version} of a command prints: all commands of a build have one version. */
public final class Version implements IVersionProvider {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Override
    public String[] getVersion() {
        return new String[] {command.qualifiedName() + " " + Tool.current().version()};
    }
}
