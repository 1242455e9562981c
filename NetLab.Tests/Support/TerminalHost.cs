using NetLab.Tui.Terminal;

/// <summary>
/// Lets the test assembly be a small full-screen program: started with DOTNET_STARTUP_HOOKS naming itself and
/// NETLAB_TERMINAL_HOST set, it opens a session and echoes its events until q.
/// </summary>
#pragma warning disable CA1050 // the runtime looks for this very name
internal static class StartupHook
#pragma warning restore CA1050
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("NETLAB_TERMINAL_HOST") is not { } log) return;
        using TerminalSession? session = TerminalSession.TryOpen(Environment.GetEnvironmentVariable, log, MouseReporting.On, out string? refusal);
        if (session is null)
        {
            StandardStreams.Error.WriteLine(refusal);
            Environment.Exit(2);
        }

        session.Enter();
        session.Write("ready"u8);
        while (true)
        {
            TerminalEvent? next = session.Input.Next(TimeSpan.FromSeconds(30));
            if (next is EndEvent end) Finish(session, end.ExitCode);
            if (next is null or KeyEvent { Rune.Value: 'q' }) Finish(session, 0);
            if (next is KeyEvent { Rune.Value: 't' }) throw new InvalidOperationException("thrown on purpose");
            if (next is KeyEvent { Rune.Value: 'z', Modifiers: Modifiers.Control }) session.Suspend();
            if (next is RepaintEvent) session.Write("again"u8);
        }
    }

    private static void Finish(TerminalSession session, int code)
    {
        session.Dispose();
        Environment.Exit(code);
    }
}
