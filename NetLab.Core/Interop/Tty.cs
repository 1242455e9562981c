using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NetLab.Core.Interop;

/// <summary>
/// A terminal, and the bytes that go to it and come from it. Calls that can fail return the count, or the negated errno as
/// the kernel itself does.
/// </summary>
public static partial class Tty
{
    /// <summary>The descriptor of standard input.</summary>
    public const int StandardInput = 0;

    /// <summary>The descriptor of standard output.</summary>
    public const int StandardOutput = 1;

    /// <summary>The descriptor of standard error.</summary>
    public const int StandardError = 2;

    /// <summary>A signal came before anything was done; call again.</summary>
    public const int EINTR = 4;

    /// <summary>The other end is gone (a terminal that hung up).</summary>
    public const int EIO = 5;

    /// <summary>The call would have to wait, and the descriptor does not.</summary>
    public const int EAGAIN = 11;

    /// <summary>Nobody reads the pipe any more.</summary>
    public const int EPIPE = 32;

    private const int F_DUPFD_CLOEXEC = 1030;
    private const int O_WRONLY = 0x1, O_RDWR = 0x2, O_CREAT = 0x40, O_NOCTTY = 0x100, O_APPEND = 0x400, O_NONBLOCK = 0x800;
    private const int O_CLOEXEC = 0x80000;
    private const nuint TIOCGWINSZ = 0x5413;

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows, Columns, PixelWidth, PixelHeight;
    }

    /// <summary>Whether the descriptor is a terminal.</summary>
    /// <param name="descriptor">An open descriptor.</param>
    /// <returns>True for a terminal.</returns>
    public static bool IsTerminal(int descriptor) => isatty(descriptor) == 1;

    /// <summary>Reads the terminal's settings.</summary>
    /// <param name="descriptor">A terminal.</param>
    /// <param name="settings">What was found.</param>
    /// <returns>False if it is no terminal or hung up.</returns>
    public static bool TryGetSettings(int descriptor, out TtySettings settings) => tcgetattr(descriptor, out settings) == 0;

    /// <summary>
    /// Gives the terminal new settings. From a job in the background the kernel stops the process here (SIGTTOU) until it is
    /// brought to the foreground.
    /// </summary>
    /// <param name="descriptor">A terminal.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="when">When they take effect.</param>
    /// <returns>False if it is no terminal or hung up.</returns>
    public static bool TrySetSettings(int descriptor, in TtySettings settings, TtyChange when)
    {
        while (tcsetattr(descriptor, (int)when, settings) != 0)
        {
            if (Marshal.GetLastPInvokeError() != EINTR) return false;
        }

        return true;
    }

    /// <summary>Asks for the size of the terminal in character cells (TIOCGWINSZ).</summary>
    /// <param name="descriptor">A terminal.</param>
    /// <param name="columns">Cells in a row; may be 0 where the terminal never said.</param>
    /// <param name="rows">Rows; may be 0 where the terminal never said.</param>
    /// <returns>False if it is no terminal or hung up.</returns>
    public static bool TryGetSize(int descriptor, out int columns, out int rows)
    {
        bool known = ioctl(descriptor, TIOCGWINSZ, out WindowSize size) == 0;
        (columns, rows) = known ? (size.Columns, size.Rows) : (0, 0);
        return known;
    }

    /// <summary>Reads what is there.</summary>
    /// <param name="descriptor">Where from.</param>
    /// <param name="buffer">Where to.</param>
    /// <returns>The number of bytes, 0 at the end, or the negated errno.</returns>
    public static int Read(int descriptor, Span<byte> buffer)
    {
        nint count = read(descriptor, buffer, (nuint)buffer.Length);
        return count >= 0 ? (int)count : -Marshal.GetLastPInvokeError();
    }

    /// <summary>Writes as much as is taken at once.</summary>
    /// <param name="descriptor">Where to.</param>
    /// <param name="bytes">What.</param>
    /// <returns>The number of bytes taken, or the negated errno.</returns>
    public static int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        nint count = write(descriptor, bytes, (nuint)bytes.Length);
        return count >= 0 ? (int)count : -Marshal.GetLastPInvokeError();
    }

    /// <summary>
    /// Opens the terminal behind a descriptor once more. The new description does not block, and that changes nothing for the
    /// shell, which shares the old one.
    /// </summary>
    /// <param name="descriptor">A terminal.</param>
    /// <returns>The new descriptor; invalid where the system does not allow it (another user's terminal, no /proc).</returns>
    public static SafeFileHandle Reopen(int descriptor) =>
        open($"/proc/self/fd/{descriptor}", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0);

    /// <summary>Opens the terminal that controls this process, wherever its standard streams go.</summary>
    /// <returns>The descriptor; invalid where there is none.</returns>
    public static SafeFileHandle OpenControlling() => open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC, 0);

    /// <summary>Opens a file to add to its end; it is made, for its owner only, where it is missing.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The descriptor; invalid where the system does not allow it.</returns>
    public static SafeFileHandle OpenToAppend(string path) => open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC, 0x180);

    /// <summary>A second descriptor for the same open file; children do not inherit it.</summary>
    /// <param name="descriptor">An open descriptor.</param>
    /// <returns>The new descriptor, 3 or above; invalid where there is none.</returns>
    public static SafeFileHandle Duplicate(int descriptor) => new(fcntl(descriptor, F_DUPFD_CLOEXEC, 3), ownsHandle: true);

    /// <summary>Lets the descriptor <paramref name="target"/> name the file that <paramref name="source"/> names (dup2(2)).</summary>
    /// <param name="source">An open descriptor.</param>
    /// <param name="target">The descriptor to change; what it named is closed.</param>
    /// <returns>False if the source is not open.</returns>
    public static bool TryReplace(SafeFileHandle source, int target) => dup2(source, target) == target;

    /// <summary>Makes a pipe. Children inherit neither end.</summary>
    /// <param name="reader">The end to read from.</param>
    /// <param name="writer">The end to write to.</param>
    /// <exception cref="IOException">No descriptor is left.</exception>
    public static void OpenPipe(out SafeFileHandle reader, out SafeFileHandle writer)
    {
        Span<int> ends = stackalloc int[2];
        if (pipe2(ends, O_CLOEXEC) != 0) throw new IOException($"No pipe could be made (errno {Marshal.GetLastPInvokeError()}): too many open files.");
        reader = new SafeFileHandle(ends[0], ownsHandle: true);
        writer = new SafeFileHandle(ends[1], ownsHandle: true);
    }

    [LibraryImport("libc")]
    private static partial int isatty(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(int descriptor, out TtySettings settings);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetattr(int descriptor, int actions, in TtySettings settings);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, out WindowSize size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, Span<byte> buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup2(SafeFileHandle source, int target);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(Span<int> ends, int flags);
}
