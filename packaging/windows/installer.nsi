; The Windows installer, for one user and without an administrator:
;
;   makensis -DVERSION=0.1.0 -DSRC=dist\mlipviewer -DOUT=mlipviewer-0.1.0-setup.exe packaging\windows\installer.nsi
;
; SRC is the frozen folder with mlipviewer.exe and mlipviewer-cli.exe. Files are offered under
; "Open with" (OpenWithProgids): the default program of a kind of file is never changed.
; SIGN, if defined, is a command that signs the file that follows it (signtool sign ... %1).

Unicode true
!ifndef VERSION
  !define VERSION "0.0.0"
!endif
!ifndef OUT
  !define OUT "mlipviewer-${VERSION}-setup.exe"
!endif
!define NAME "MLIPViewer"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define CLASSES "Software\Classes"
!include "MUI2.nsh"
!include "FileFunc.nsh"

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "Software\${NAME}" "InstallDir"
RequestExecutionLevel user
SetCompressor /SOLID lzma
!ifdef SIGN
  !finalize '${SIGN} "%1"'
  !uninstfinalize '${SIGN} "%1"'
!endif

!ifdef ICON
  !define MUI_ICON "${ICON}"
  !define MUI_UNICON "${ICON}"
!endif
!define MUI_FINISHPAGE_RUN "$INSTDIR\mlipviewer.exe"
!insertmacro MUI_PAGE_LICENSE "${SRC}\licences\NOTICE.txt"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

!macro Kind SUFFIX PROGID TITLE
  WriteRegStr HKCU "${CLASSES}\${PROGID}" "" "${TITLE}"
  WriteRegStr HKCU "${CLASSES}\${PROGID}\DefaultIcon" "" "$INSTDIR\mlipviewer.exe,0"
  WriteRegStr HKCU "${CLASSES}\${PROGID}\shell\open\command" "" '"$INSTDIR\mlipviewer.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\${SUFFIX}\OpenWithProgids" "${PROGID}" ""
!macroend
!macro NoKind SUFFIX PROGID
  DeleteRegKey HKCU "${CLASSES}\${PROGID}"
  DeleteRegValue HKCU "${CLASSES}\${SUFFIX}\OpenWithProgids" "${PROGID}"
!macroend
!macro Offered SUFFIX
  WriteRegStr HKCU "${CLASSES}\${SUFFIX}\OpenWithProgids" "MLIPViewer.Table" ""
!macroend
!macro NotOffered SUFFIX
  DeleteRegValue HKCU "${CLASSES}\${SUFFIX}\OpenWithProgids" "MLIPViewer.Table"
!macroend

Section "Program"
  SetOutPath "$INSTDIR"
  ; what an older version had and this one has not must not stay among its libraries
  RMDir /r "$INSTDIR\lib"
  RMDir /r "$INSTDIR\source"
  File /r "${SRC}\*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\mlipviewer.exe"
  WriteRegStr HKCU "Software\${NAME}" "InstallDir" "$INSTDIR"

  !insertmacro Kind ".mlipview" "MLIPViewer.Session" "MLIPViewer session"
  ; a session is nobody else's
  WriteRegStr HKCU "${CLASSES}\.mlipview" "" "MLIPViewer.Session"
  !insertmacro Kind ".extxyz" "MLIPViewer.Trajectory" "Trajectory"
  WriteRegStr HKCU "${CLASSES}\.xyz\OpenWithProgids" "MLIPViewer.Trajectory" ""
  WriteRegStr HKCU "${CLASSES}\.dump\OpenWithProgids" "MLIPViewer.Trajectory" ""
  WriteRegStr HKCU "${CLASSES}\.lammpstrj\OpenWithProgids" "MLIPViewer.Trajectory" ""
  WriteRegStr HKCU "${CLASSES}\.traj\OpenWithProgids" "MLIPViewer.Trajectory" ""
  !insertmacro Kind ".csv" "MLIPViewer.Table" "Table of errors"
  !insertmacro Offered ".tsv"
  !insertmacro Offered ".xlsx"
  !insertmacro Offered ".parquet"

  WriteRegStr HKCU "${KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\mlipviewer.exe,0"
  WriteRegStr HKCU "${KEY}" "Publisher" "The MLIPViewer maintainers"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" "$0"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
  !insertmacro NoKind ".mlipview" "MLIPViewer.Session"
  DeleteRegValue HKCU "${CLASSES}\.mlipview" ""
  !insertmacro NoKind ".extxyz" "MLIPViewer.Trajectory"
  DeleteRegValue HKCU "${CLASSES}\.xyz\OpenWithProgids" "MLIPViewer.Trajectory"
  DeleteRegValue HKCU "${CLASSES}\.dump\OpenWithProgids" "MLIPViewer.Trajectory"
  DeleteRegValue HKCU "${CLASSES}\.lammpstrj\OpenWithProgids" "MLIPViewer.Trajectory"
  DeleteRegValue HKCU "${CLASSES}\.traj\OpenWithProgids" "MLIPViewer.Trajectory"
  !insertmacro NoKind ".csv" "MLIPViewer.Table"
  !insertmacro NotOffered ".tsv"
  !insertmacro NotOffered ".xlsx"
  !insertmacro NotOffered ".parquet"
  ; only what was installed: settings and sessions of the user lie elsewhere
  RMDir /r "$INSTDIR\lib"
  RMDir /r "$INSTDIR\source"
  RMDir /r "$INSTDIR\licences"
  RMDir /r "$INSTDIR\share"
  Delete "$INSTDIR\*.dll"
  Delete "$INSTDIR\frozen_application_license.txt"
  Delete "$INSTDIR\mlipviewer.exe"
  Delete "$INSTDIR\mlipviewer-cli.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "${KEY}"
  DeleteRegKey HKCU "Software\${NAME}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
