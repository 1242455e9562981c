using System.Runtime.InteropServices;
using NetLab.Core.Interop;

namespace NetLab.Tui.Terminal;

/// <summary>Every way in which the program is told to end, stop, go on or look at its size again.</summary>
internal sealed class TerminalSignals : IDisposable
{
    private readonly TerminalSession _session;
    private readonly PosixSignalRegistration[] _registrations;

    public TerminalSignals(TerminalSession session)
    {
        _session = session;
        _registrations =
        [
            On(PosixSignal.SIGTERM, () => session.EndBy(ProcessSignals.SIGTERM)),
            On(PosixSignal.SIGHUP, () => session.EndBy(ProcessSignals.SIGHUP)),
            On(PosixSignal.SIGINT, () => session.EndBy(ProcessSignals.SIGINT)),
            On(PosixSignal.SIGQUIT, () => session.EndBy(ProcessSignals.SIGQUIT)),
#pragma warning disable CA1416 // The platform is Linux, and the session opens nowhere else.
            // Cancelled, so that the runtime does not write its own idea of the terminal back.
            On(PosixSignal.SIGCONT, session.Continue),
            On(PosixSignal.SIGTSTP, () => session.Suspend()),
            On(PosixSignal.SIGWINCH, () => session.Input.PostResize()),
#pragma warning restore CA1416
        ];
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private static PosixSignalRegistration On(PosixSignal signal, Action act) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            act();
        });

    private void OnProcessExit(object? sender, EventArgs e) => _session.Leave();

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs e)
    {
        _session.Report(e.ExceptionObject);
        Environment.Exit(TerminalFault.ExitCode);
    }
}
