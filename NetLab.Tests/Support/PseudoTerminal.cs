using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using NetLab.Core.Interop;

namespace NetLab.Tests.Support;

/// <summary>
/// A real terminal with a program on it. A small shell leads the session, as a login shell would: the terminal outlives the
/// program, so that a test sees what the program left behind. Everything written is kept; waits end by a condition or fail.
/// </summary>
public sealed partial class PseudoTerminal : IDisposable
{
    /// <summary>How long a condition may take before the test fails: long, because the machine may be busy.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Caught signals are the default again in the program; ignored ones would stay ignored.
    private const string Leader =
        """
        trap : HUP INT QUIT TERM
        exec 3>&2 2>/dev/null 4>"$0"
        sh -c 'echo $$ >&4; exec "$@" 2>&3 3>&- 4>&-' program "$@"
        echo $? >&4
        exec sleep 100000 3>&- 4>&-
        """;

    private readonly object _gate = new();
    private readonly MemoryStream _output = new();
    private readonly SafeFileHandle _wakeReader, _wakeWriter;
    private readonly string _directory = Directory.CreateTempSubdirectory("netlab-pty-").FullName;
    private readonly Thread _pump;
    private readonly int _leader;
    private readonly VirtualScreen _screen;
    private SafeFileHandle? _master;
    private bool _reads = true;
    private int? _program, _exitCode;

    private PseudoTerminal(string command, string[] arguments, IReadOnlyDictionary<string, string?> environment, int columns, int rows)
    {
        _master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        byte[] name = new byte[64];
        Check(grantpt(_master));
        Check(unlockpt(_master));
        Check(ptsname_r(_master, name, (nuint)name.Length));
        Resize(columns, rows);
        _screen = new VirtualScreen(columns, rows);
        Before = Settings;
        string status = Path.Combine(_directory, "status");
        Check(mkfifo(status, 0x180));
        Dictionary<string, string?> variables = [];
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables()) variables[(string)entry.Key] = (string?)entry.Value;
        variables["TERM"] = "xterm-256color";
        foreach ((string key, string? value) in environment) variables[key] = value;
        SpawnRequest request = new(["sh", "-c", Leader, status, command, .. arguments])
        {
            Terminal = Encoding.UTF8.GetString(name.AsSpan(0, name.IndexOf((byte)0))),
            Session = SpawnSession.Own,
            Environment = [.. variables.Where(one => one.Value is not null).Select(one => $"{one.Key}={one.Value}")],
        };
        Check(TtySpawn.Start(request, out _leader));
        Tty.OpenPipe(out _wakeReader, out _wakeWriter);
        _pump = new Thread(Pump) { IsBackground = true, Name = "pty" };
        _pump.Start();
        new Thread(() => Watch(status)) { IsBackground = true, Name = "pty status" }.Start();
    }

    /// <summary>Starts a program on a new terminal.</summary>
    /// <param name="command">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to add to ours, or to take away (null).</param>
    /// <param name="columns">The terminal's width.</param>
    /// <param name="rows">The terminal's height.</param>
    public static PseudoTerminal Start(
        string command, string[]? arguments = null, IReadOnlyDictionary<string, string?>? environment = null, int columns = 80, int rows = 24) =>
        new(command, arguments ?? [], environment ?? new Dictionary<string, string?>(), columns, rows);

    /// <summary>The settings before the program began.</summary>
    public TtySettings Before { get; }

    /// <summary>The settings now.</summary>
    public TtySettings Settings => Tty.TryGetSettings(Descriptor, out TtySettings now) ? now : throw new IOException("The terminal is closed.");

    /// <summary>Everything that was written, as text.</summary>
    public string Output
    {
        get
        {
            lock (_gate) return Encoding.UTF8.GetString(_output.GetBuffer(), 0, (int)_output.Length);
        }
    }

    /// <summary>What stands on the screen: a line a row, without blanks at the ends.</summary>
    public string Screen
    {
        get
        {
            lock (_gate) return _screen.Text;
        }
    }

    /// <summary>The screen's rows.</summary>
    public string[] Rows => Screen.Split('\n');

    /// <summary>Whether the full-screen buffer is shown.</summary>
    public bool IsAlternateScreen
    {
        get
        {
            lock (_gate) return _screen.IsAlternate;
        }
    }

    /// <summary>Whether the cursor is shown.</summary>
    public bool IsCursorVisible
    {
        get
        {
            lock (_gate) return _screen.IsCursorVisible;
        }
    }

    /// <summary>The program's process number.</summary>
    public int Program => AwaitValue(() => _program, "the program's process number");

    private int Descriptor => (int)(_master ?? throw new ObjectDisposedException(nameof(PseudoTerminal))).DangerousGetHandle();

    /// <summary>Types.</summary>
    public void Send(string keys) => Send(Encoding.UTF8.GetBytes(keys));

    /// <summary>Types bytes.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Tty.Write(Descriptor, bytes);
            if (count > 0) bytes = bytes[count..];
            else if (Poll.Wait([new PollEntry(Descriptor, PollEvents.Writable)], Patience) == 0) throw new TimeoutException("The program reads nothing.");
        }
    }

    /// <summary>Changes the window's size; the kernel tells the program (SIGWINCH).</summary>
    public void Resize(int columns, int rows)
    {
        lock (_gate) _screen?.Resize(columns, rows);
        Check(ioctl(_master!, TIOCSWINSZ, [(ushort)rows, (ushort)columns, 0, 0]));
    }

    /// <summary>Sends the program a signal.</summary>
    public void Signal(int signal) => Assert.True(ProcessSignals.Send(Program, signal), $"signal {signal} had nobody to go to");

    /// <summary>Stops taking what the program writes, as a frozen terminal does.</summary>
    public void Freeze()
    {
        lock (_gate) _reads = false;
        Wake();
    }

    /// <summary>Takes it again.</summary>
    public void Thaw()
    {
        lock (_gate) _reads = true;
        Wake();
    }

    /// <summary>The window is closed: the terminal hangs up.</summary>
    public void HangUp()
    {
        SafeFileHandle? master = _master;
        _master = null;
        if (master is null) return;
        Wake();
        _pump.Join(); // who waits in poll holds the terminal open
        master.Dispose();
    }

    /// <summary>Waits until the text was written.</summary>
    public void Await(string text) => Await(() => Output.Contains(text, StringComparison.Ordinal), $"“{text}” written");

    /// <summary>Waits until the text stands on the screen.</summary>
    public void AwaitScreen(string text) => Await(() => Screen.Contains(text, StringComparison.Ordinal), $"“{text}” on the screen");

    /// <summary>Waits until the condition holds; it is looked at whenever something was written, and now and then.</summary>
    /// <param name="condition">What to wait for.</param>
    /// <param name="what">Its name, for the failure.</param>
    public void Await(Func<bool> condition, string what = "the condition")
    {
        long began = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (!condition())
            {
                if (Stopwatch.GetElapsedTime(began) > Patience) Assert.Fail($"Waited in vain for {what}. Exit code: {_exitCode}. Output: {Visible(Output)}\nScreen:\n{Screen}");
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(20));
            }
        }
    }

    /// <summary>Waits until the program ended and all that it wrote is in <see cref="Output"/>.</summary>
    /// <returns>Its exit code, or 128 and the number of the signal that ended it.</returns>
    public int WaitForExit()
    {
        int code = AwaitValue(() => _exitCode, "the program's end");
        if (_reads && _master is not null) Await(() => !_pump.IsAlive || Poll.Wait([new PollEntry(Descriptor, PollEvents.Readable)], TimeSpan.Zero) == 0, "the last of its output");
        return code;
    }

    /// <summary>Waits until the program ended and the terminal is as it was, its settings and its screen.</summary>
    /// <returns>The exit code.</returns>
    public int WaitForExitAndRestoration()
    {
        int code = WaitForExit();
        Await(() => Settings == Before && !IsAlternateScreen && IsCursorVisible, "the terminal as it was");
        return code;
    }

    public void Dispose()
    {
        if (_program is { } program && _exitCode is null) ProcessSignals.Send(program, ProcessSignals.SIGKILL);
        ProcessSignals.Send(-_leader, ProcessSignals.SIGKILL);
        HangUp();
        TtySpawn.WaitForExit(_leader);
        Directory.Delete(_directory, recursive: true);
        _wakeReader.Dispose();
        _wakeWriter.Dispose();
    }

    /// <summary>Text with its control characters made visible.</summary>
    public static string Visible(string text) =>
        string.Concat(text.Select(c => c switch { '\e' => "␛", '\n' => "⏎\n", < ' ' => $"^{(char)(c + 64)}", _ => $"{c}" }));

    private int AwaitValue(Func<int?> value, string what)
    {
        Await(() => value() is not null, what);
        return value()!.Value;
    }

    private void Wake() => _ = Tty.Write((int)_wakeWriter.DangerousGetHandle(), "!"u8);

    private void Pump()
    {
        byte[] buffer = new byte[16 * 1024];
        int master = Descriptor;
        while (_master is not null)
        {
            Span<PollEntry> entries =
            [
                new PollEntry((int)_wakeReader.DangerousGetHandle(), PollEvents.Readable),
                new PollEntry(_reads ? master : -1, PollEvents.Readable),
            ];
            Poll.Wait(entries, Timeout.InfiniteTimeSpan);
            if (entries[0].Came != PollEvents.None) _ = Tty.Read(entries[0].Descriptor, buffer);
            if (entries[1].Came == PollEvents.None) continue;
            // Read under the lock: what is neither in the terminal nor in the output any more would be nowhere.
            lock (_gate)
            {
                int count = Tty.Read(master, buffer);
                if (count is -Tty.EINTR or -Tty.EAGAIN) continue;
                if (count <= 0) return; // EIO: nobody has the terminal open any more
                _output.Write(buffer, 0, count);
                _screen.Write(buffer.AsSpan(0, count));
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Watch(string status)
    {
        using StreamReader reader = new(status);
        while (reader.ReadLine() is { } line)
        {
            lock (_gate)
            {
                int number = int.Parse(line, System.Globalization.CultureInfo.InvariantCulture);
                if (_program is null) _program = number;
                else _exitCode = number;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private static void Check(int result)
    {
        if (result != 0) throw new IOException($"The pseudo-terminal could not be made (errno {(result > 0 ? result : Marshal.GetLastPInvokeError())}).");
    }

    private const int O_RDWR = 2, O_NOCTTY = 0x100, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000;
    private const nuint TIOCSWINSZ = 0x5414;

    [LibraryImport("libc", SetLastError = true)]
    private static partial SafeFileHandle posix_openpt(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int grantpt(SafeFileHandle master);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlockpt(SafeFileHandle master);

    [LibraryImport("libc")]
    private static partial int ptsname_r(SafeFileHandle master, byte[] name, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle master, nuint request, ReadOnlySpan<ushort> size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);
}
