using System.Text;
using NetLab.Tests.Support;
using NetLab.Tui.Terminal;

/// <summary>
/// Lets the test assembly be a small full-screen program: started with DOTNET_STARTUP_HOOKS naming itself and
/// NETLAB_TERMINAL_HOST set (<see cref="TerminalHost"/>), it opens a session and echoes its events until q.
/// </summary>
#pragma warning disable CA1050 // the runtime looks for this very name
internal static class StartupHook
#pragma warning restore CA1050
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(TerminalHost.LogVariable) is { } log) TerminalHost.Run(log);
    }
}

namespace NetLab.Tests.Support
{
    internal static class TerminalHost
    {
        public const string LogVariable = "NETLAB_TERMINAL_HOST";

        /// <summary>The test binary, which is the program as well.</summary>
        public static string Path => Environment.ProcessPath!;

        /// <summary>What makes the test binary this program.</summary>
        public static Dictionary<string, string?> EnvironmentFor(string log) => new()
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(TerminalHost).Assembly.Location,
            [LogVariable] = log,
            ["DOTNET_DbgEnableMiniDump"] = "0",
        };

        public static void Run(string log)
        {
            // Its own children are no hosts.
            Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
            using TerminalSession? session = TerminalSession.TryOpen(Environment.GetEnvironmentVariable, log, MouseReporting.On, out string? refusal);
            if (session is null)
            {
                StandardStreams.Error.WriteLine(refusal);
                Environment.Exit(2);
            }

            Finish(session, session.Run(() => Echo(session)));
        }

        private static int Echo(TerminalSession session)
        {
            session.Write("ready"u8);
            while (true)
            {
                TerminalEvent? next = session.Input.Next(TimeSpan.FromMinutes(5));
                if (next is null) return 3;
                if (next is EndEvent end) return end.ExitCode;
                session.Write(Encoding.UTF8.GetBytes($"<{next}>"));
                if (next is not KeyEvent key) continue;
                if (key.Is('q')) return 0;
                Obey(session, key.ToString());
            }
        }

        private static void Obey(TerminalSession session, string key)
        {
            switch (key)
            {
                case "t": throw new InvalidOperationException("thrown on purpose");
                case "w": new Thread(static () => throw new InvalidOperationException("thrown on purpose")).Start(); break;
                case "f": Environment.FailFast("failed on purpose"); break;
                case "u": new Thread(session.Input.Wake).Start(); break;
                case "o": session.Write(Encoding.UTF8.GetBytes($"code={session.RunOutside("sh", "-c", "echo outside; read -r line; exit 7")}")); break;
                case "n": session.Write(Encoding.UTF8.GetBytes($"code={session.RunOutside("no-such-program-here")}")); break;
                case "Ctrl+z": session.Write(session.Suspend() ? "suspended"u8 : "not suspended"u8); break;
                case "b": while (session.Write("................................................................"u8)) { } break;
            }
        }

        private static void Finish(TerminalSession session, int code)
        {
            session.Dispose();
            Environment.Exit(code);
        }
    }
}
