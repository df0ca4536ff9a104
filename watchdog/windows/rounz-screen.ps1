# Starts the kiosk's browser and watches it, as watchdog/linux/rounz-screen does on Linux: when the page gives no sign of life, the
# browser is ended and started again. Run by the scheduled task in rounz-screen.xml.
param(
  [string]$Address = 'http://localhost:4173/',
  [string]$Browser = "$env:ProgramFiles\Google\Chrome\Application\chrome.exe",
  [string]$ProfileFolder = "$env:LOCALAPPDATA\rounz-kiosk",
  # seconds
  [int]$StaleAfter = 180,
  [int]$LookEvery = 5
)

$beats = Join-Path $ProfileFolder 'Default\Local Storage\leveldb'
$arguments = @(
  '--kiosk', '--noerrdialogs', '--hide-crash-restore-bubble', '--disable-session-crashed-bubble', '--disable-pinch',
  '--overscroll-history-navigation=0', '--no-first-run', "--user-data-dir=`"$ProfileFolder`"", $Address
)

function Get-LastBeat([datetime]$Started) {
  $newest = Get-ChildItem -LiteralPath $beats -File -ErrorAction SilentlyContinue |
    Sort-Object LastWriteTime | Select-Object -Last 1
  if ($newest -and $newest.LastWriteTime -gt $Started) { return $newest.LastWriteTime }
  return $Started
}

while ($true) {
  $started = Get-Date
  $process = Start-Process -FilePath $Browser -ArgumentList $arguments -PassThru
  while (-not $process.HasExited) {
    Start-Sleep -Seconds $LookEvery
    $silence = ((Get-Date) - (Get-LastBeat $started)).TotalSeconds
    # A clock that was set: counted anew.
    if ($silence -lt 0 -or $silence -gt $StaleAfter + 3600) { $started = Get-Date; continue }
    if ($silence -ge $StaleAfter) {
      # The browser and every process that it started.
      taskkill.exe /PID $process.Id /T /F | Out-Null
      $process.WaitForExit()
    }
  }
  Start-Sleep -Seconds 2
}
