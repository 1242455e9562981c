using System.Text;
using Microsoft.Win32.SafeHandles;
using NetLab.Core.Interop;

namespace NetLab.Tui.Terminal;

/// <summary>
/// A small shell, in a session of its own, that restores the terminal when this process dies without running any code
/// (SIGKILL, FailFast, stack overflow). It reads the words "in" and "out" from a pipe; at the pipe's end it restores
/// if the last word was "in", and is gone.
/// </summary>
internal sealed class TerminalGuard : IDisposable
{
    private const string Script =
        """
        trap '' TTOU TTIN TSTP INT HUP TERM QUIT
        cd /
        state=out
        while read -r word; do state=$word; done
        if [ "$state" = in ]; then printf %s "$2"; stty "$1" <&1; fi
        """;

    private readonly SafeFileHandle _writer;

    private TerminalGuard(SafeFileHandle writer) => _writer = writer;

    /// <summary>Starts it; null where there is no <c>sh</c>.</summary>
    /// <param name="terminal">The terminal's descriptor.</param>
    /// <param name="found">The settings to restore.</param>
    /// <param name="leave">What is written to the terminal before that.</param>
    public static TerminalGuard? Start(int terminal, in TtySettings found, ReadOnlySpan<byte> leave)
    {
        Tty.OpenPipe(out SafeFileHandle reader, out SafeFileHandle writer);
        using (reader)
        using (SafeFileHandle nowhere = Tty.OpenToAppend("/dev/null"))
        // The terminal may be descriptor 0, which the pipe takes.
        using (SafeFileHandle output = Tty.Duplicate(terminal))
        {
            SpawnRequest request = new("sh", "-c", Script, "netlab-guard", found.ToSttyText(), Encoding.ASCII.GetString(leave))
            {
                Input = (int)reader.DangerousGetHandle(),
                Output = (int)output.DangerousGetHandle(),
                Error = (int)nowhere.DangerousGetHandle(),
                Session = SpawnSession.Own,
            };
            if (TtySpawn.Start(request, out _) == 0) return new TerminalGuard(writer);
        }

        writer.Dispose();
        return null;
    }

    /// <summary>Tells whether the screen is entered.</summary>
    public void Say(ReadOnlySpan<byte> word) => _ = Tty.Write((int)_writer.DangerousGetHandle(), word);

    /// <summary>Lets it end.</summary>
    public void Dispose() => _writer.Dispose();
}
