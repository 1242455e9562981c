using System.CommandLine;
using NetLab.Core;
using NetLab.Core.Interop;
using NetLab.Core.Session;
using NetLab.Tui.App;

namespace NetLab.Tui.Commands;

/// <summary><c>netlab trace -- PROGRAM</c>: the socket calls of a program, the states and the packets of its connections, on one line of time.</summary>
internal static class TraceCommand
{
    private const int MostPorts = 64;
    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    public static Command Create(CommandContext context)
    {
        var names = new MachineNames();
        var program = new Argument<string[]>("PROGRAM")
        {
            Description = "The program and its arguments, after --. It keeps the terminal's keyboard and output for itself.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var process = new Option<int?>("--pid") { Description = "Instead, a process that runs, until it ends or until Ctrl+C.", HelpName = "N" };
        var ports = new Option<string?>("--port", "-p") { Description = "Only sockets with one of these ports (8000, 8000-8010, http).", HelpName = "PORTS" };
        var device = new Option<string>("--interface", "-i")
        {
            Description = "Whose packets are shown. [default: any]",
            HelpName = "NAME",
            DefaultValueFactory = _ => "any",
        };
        var file = new Option<string?>("--output", "-o") { Description = "Where the timeline goes instead of standard error.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("trace",
            "Runs a program and prints its socket calls, the changes of state that they cause and its packets, in order of time. "
            + "Exit code: the program's; 127 if there is no such program, 128 and the number of the signal that ended it.")
        {
            program, process, ports, device, file, json,
        };
        process.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out int number) && number > 0))
                result.AddError($"--pid takes the number of a process, not {token.Value}.");
        });
        ports.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !PortSet.TryParse(text, names.Port, out _, out string mistake))
                result.AddError($"For --port, {mistake}.");
            else if (result.GetValueOrDefault<string?>() is { } list && PortSet.TryParse(list, names.Port, out var set, out _) && set.Enumerate(MostPorts) is null)
                result.AddError($"--port takes at most {MostPorts} ports.");
        });
        command.Validators.Add(result =>
        {
            bool named = result.GetResult(program) is { Tokens.Count: > 0 };
            if (named == (result.GetResult(process) is not null))
                result.AddError(named ? "Either a program or --pid, not both." : "Which program? For example: netlab trace -- curl http://127.0.0.1:8000/");
        });
        command.SetAction(parsed =>
        {
            PortSet? set = parsed.GetValue(ports) is { } text && PortSet.TryParse(text, names.Port, out var found, out _) ? found : null;
            var request = new Request(parsed.GetValue(program) ?? [], parsed.GetValue(process), set, parsed.GetValue(device)!,
                parsed.GetValue(json) ? TimelineForm.Json : TimelineForm.Text);
            return Run(context, request, parsed.GetValue(file));
        });
        return command;
    }

    private sealed record Request(string[] Program, int? ProcessId, PortSet? Ports, string Device, TimelineForm Form);

    private static int Run(CommandContext context, Request request, string? file)
    {
        if (file is null)
            return Run(context, request, context.Error, Paint.For(context, context.ErrorIsTerminal));
        StreamWriter output;
        try
        {
            output = new StreamWriter(file, append: false, new System.Text.UTF8Encoding(false), bufferSize: 1 << 16) { NewLine = "\n" };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            context.Error.WriteLine($"netlab: The timeline cannot be written to '{EventText.Printable(file)}': {EventText.Printable(error.Message)}");
            return ExitCode.Usage;
        }

        using (output)
            return Run(context, request, output, Paint.For(context, isTerminal: false));
    }

    private static int Run(CommandContext context, Request request, TextWriter output, Paint paint)
    {
        using var trace = ProgramTrace.Start(request.Device, request.Ports?.Enumerate(MostPorts) ?? [], out var obstacle);
        if (trace is null)
        {
            context.Error.WriteLine($"netlab: {Remedied(obstacle!)}");
            return ExitCode.NotPermitted;
        }

        foreach (var lack in new[] { trace.PacketObstacle, trace.StateObstacle }.OfType<Obstacle>())
            context.Error.WriteLine($"netlab: {Remedied(lack)}");
        context.Error.Flush();
        var printer = new TracePrinter(trace, output, request.Form, paint);
        return request.ProcessId is { } process ? Attach(context, trace, printer, process) : Launch(context, trace, printer, request.Program);
    }

    private static int Launch(CommandContext context, ProgramTrace trace, TracePrinter printer, string[] arguments)
    {
        int child = 0, error = 0;
        if (trace.Launch(() => error = TtySpawn.Start(new SpawnRequest(arguments), out child)) is { } refused)
        {
            context.Error.WriteLine($"netlab: {refused}");
            return ExitCode.NotPermitted;
        }

        string name = EventText.Printable(arguments[0]);
        if (error != 0)
        {
            bool missing = error == (int)Errno.ENOENT;
            context.Error.WriteLine(missing ? $"netlab: There is no program '{name}'." : $"netlab: '{name}' could not be started: {((Errno)error).Words()}.");
            return missing ? ExitCode.NoSuchProgram : ExitCode.NotExecutable;
        }

        // The keyboard's Ctrl+C has reached the program as well; a termination is passed on.
        using var onTermination = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM,
            signal => ProcessSignals.Send(child, ProcessSignals.SIGTERM));
        var ended = Task.Factory.StartNew(() => TtySpawn.WaitForExit(child), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!ended.Wait(s_tick))
            printer.Update(context.Clock());
        // What its end has caused, the closing of its connections, is still under way.
        context.Interrupt.WaitHandle.WaitOne(s_settling);
        printer.Finish(context.Clock(), child, name, ended.Result);
        return ended.Result;
    }

    private static int Attach(CommandContext context, ProgramTrace trace, TracePrinter printer, int process)
    {
        if (trace.Follow(process) is { } refused)
        {
            context.Error.WriteLine($"netlab: {refused}");
            return ExitCode.Usage;
        }

        while (ProcessSignals.Send(process, 0) && !context.Interrupt.WaitHandle.WaitOne(s_tick))
            printer.Update(context.Clock());
        printer.Finish(context.Clock());
        return context.Interrupt.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static Obstacle Remedied(Obstacle obstacle) => obstacle.Remedy is "sudo ./netlab" ? new(obstacle.Sentence, "sudo ./netlab trace …") : obstacle;
}
