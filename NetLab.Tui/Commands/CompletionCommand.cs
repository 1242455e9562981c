using System.CommandLine;

namespace NetLab.Tui.Commands;

/// <summary>
/// <c>netlab completion bash|zsh|fish</c>: what the shell reads to complete NetLab's commands, options, experiments and kinds. The script asks the program itself
/// (System.CommandLine's [suggest] directive), so it never grows old.
/// </summary>
internal static class CompletionCommand
{
    // "$1" is the command as it was typed, so that ./netlab completes itself. The program offers every word that holds what was typed; a shell wants those that begin with it.
    private const string Bash = """
        # To be read by bash:  source <(netlab completion bash)   for good, in ~/.bashrc
        _netlab() {
            local word
            COMPREPLY=()
            while IFS= read -r word; do
                [[ $word == "${COMP_WORDS[COMP_CWORD]}"* ]] && COMPREPLY+=("$word")
            done < <("$1" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
        }
        complete -o bashdefault -o default -F _netlab netlab

        """;

    private const string Zsh = """
        #compdef netlab
        # To be read by zsh:  source <(netlab completion zsh)   for good, in ~/.zshrc after compinit
        _netlab() {
            local -a offered
            offered=("${(@f)$(${(Q)words[1]} "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -- ${(M)offered:#${PREFIX}*} || _files
        }
        compdef _netlab netlab

        """;

    private const string Fish = """
        # To be read by fish:  netlab completion fish | source   for good, as ~/.config/fish/completions/netlab.fish
        complete --command netlab --arguments '(netlab "[suggest:"(commandline -C)"]" (commandline -cp | string collect) 2>/dev/null)'

        """;

    public static Command Create(CommandContext context)
    {
        var shell = new Argument<string>("SHELL") { HelpName = "bash|zsh|fish", Description = "The shell that reads it." }.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints what a shell reads to complete NetLab's commands: source <(netlab completion bash).") { shell };
        command.SetAction(parsed => context.Output.Write(parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish }));
        return command;
    }
}
