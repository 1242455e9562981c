using System.Runtime.InteropServices;
using NetLab.Core.Interop;
using NetLab.Tui.App;
using NetLab.Tui.Commands;
using NetLab.Tui.Terminal;

namespace NetLab.Tui;

/// <summary>Where everything is put together: the only place that knows the real streams, clock and environment.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var interrupt = new CancellationTokenSource();
        var context = new CommandContext(StandardStreams.Output, StandardStreams.Error, Environment.GetEnvironmentVariable, () => KernelClock.Now, interrupt.Token)
        {
            OutputIsTerminal = StandardStreams.OutputIsTerminal,
            InputIsTerminal = StandardStreams.InputIsTerminal,
            ErrorIsTerminal = StandardStreams.ErrorIsTerminal,
            OutputBytes = StandardStreams.OutputBytes,
            InputBytes = StandardStreams.InputUntil(interrupt.Token),
        };
        try
        {
            if (arguments.Length == 0)
                return InterfaceCommand.Run(context);
            if (InterfaceCommand.IsFile(arguments))
                return InterfaceCommand.Run(context, arguments[0]);
            using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using var onTermination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            return CommandLine.Run(arguments, context);
        }
        catch (ReaderGoneException)
        {
            return StandardStreams.ReaderGoneExitCode;
        }
        catch (IOException refused)
        {
            Complain(EventText.Printable(refused.Message));
            return ExitCode.Usage;
        }
        catch (Exception fault) when (Environment.GetEnvironmentVariable("NETLAB_DEBUG") is null)
        {
            Complain($"a fault of its own: {EventText.Printable(fault.Message)} Set NETLAB_DEBUG=1 to see where.");
            return ExitCode.Fault;
        }

        // Commands stop their run, undo what they made in the kernel, and end with 130.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupt.Cancel();
        }
    }

    private static void Complain(string sentence)
    {
        try
        {
            StandardStreams.Error.WriteLine($"netlab: {sentence}");
        }
        catch (IOException)
        {
            // Standard error takes nothing either; the exit code is all that is left to tell.
        }
    }
}
